internal import Git

/// What a run of commits did to one path.
struct PathHistory {
    /// What the path held before, between and after them; nil for no file.
    var contents: Set<TreeEditor.File?> = []
    /// Who changed it, by address; nil stands for the server.
    private var authors: Set<String?> = []

    init(contents: Set<TreeEditor.File?> = []) { self.contents = contents }

    mutating func note(_ change: TreeDifference.Change, by author: String?) {
        contents.formUnion([change.old, change.new])
        authors.insert(author)
    }

    /// Whether nobody but this person changed it: people may rewrite what they committed
    /// themselves, but not what the server has answered for.
    func isOnly(by author: String) -> Bool { authors == [author] }
}
