internal import Git
internal import JSON

/// What is to be done once a purge is decided; every step can be done twice.
struct PurgePlan: Sendable {
    struct File: Sendable {
        let path: String
        let old: ObjectID
        /// Nil removes it.
        let new: ObjectID?
        let isExecutable: Bool
    }

    /// The new generation.
    let generation: String
    /// The packs of the new history, without suffix.
    let packs: [String]
    /// The tree of the served branch.
    let tree: ObjectID
    /// What changes in the working tree.
    let files: [File]

    var json: JSONValue {
        [
            "generation": .text(generation), "packs": .array(packs.map { .text($0) }),
            "tree": .text("\(tree)"),
            "files": .array(
                files.map { file in
                    [
                        "path": .text(file.path), "old": .text("\(file.old)"),
                        "new": file.new.map { .text("\($0)") } ?? .null,
                        "executable": .bool(file.isExecutable),
                    ]
                }),
        ]
    }

    init(generation: String, packs: [String], tree: ObjectID, files: [File]) {
        self.generation = generation
        self.packs = packs
        self.tree = tree
        self.files = files
    }

    init?(json: JSONValue) {
        guard let generation = json["generation"]?.text,
            let tree = json["tree"]?.text.flatMap({ ObjectID(hex: $0) }),
            let packs = json["packs"]?.array?.compactMap(\.text)
        else { return nil }
        var files: [File] = []
        for item in json["files"]?.array ?? [] {
            guard let path = item["path"]?.text,
                let old = item["old"]?.text.flatMap({ ObjectID(hex: $0) })
            else { return nil }
            files.append(
                File(
                    path: path, old: old,
                    new: item["new"]?.text.flatMap { ObjectID(hex: $0) },
                    isExecutable: item["executable"]?.bool ?? false))
        }
        self.init(generation: generation, packs: packs, tree: tree, files: files)
    }
}
