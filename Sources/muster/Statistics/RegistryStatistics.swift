/// How much a registry holds, what it takes on disk, and how fast it grows.
struct RegistryStatistics: Hashable {
    /// The documents of one collection.
    struct Count: Hashable {
        let collection: String
        let documents: Int
    }

    /// A document by its path, with the bytes of its text.
    struct File: Hashable {
        let path: String
        let bytes: Int
    }

    /// What git's object database holds.
    struct Objects: Hashable {
        var packs = 0
        var packBytes = 0
        var loose = 0
        var looseBytes = 0

        var bytes: Int { packBytes + looseBytes }
    }

    /// The served branch.
    var branch: String
    var commits = 0
    /// From the first commit's time to the newest one's.
    var historySeconds = 0
    /// Collections without documents are left out.
    var collections: [Count] = []
    /// Largest first.
    var largest: [File] = []
    var objects = Objects()
    /// What the files outside the git directory take on the disk.
    var workingTreeBytes = 0

    var documents: Int { collections.reduce(0) { $0 + $1.documents } }

    /// On average over the whole history; nil where it is shorter than a day.
    var commitsPerDay: Double? { perDay(commits) }
    /// Bytes of git's objects, on average over the whole history; nil where it is shorter than a day.
    var bytesPerDay: Double? { perDay(objects.bytes) }

    private func perDay(_ count: Int) -> Double? {
        historySeconds < 86_400 ? nil : Double(count) / (Double(historySeconds) / 86_400)
    }
}
