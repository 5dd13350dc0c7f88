/// An object that a commit adds.
package struct NewObject: Sendable {
    package let object: GitObject
    /// How it follows from an object that is stored already; nil for what stands for itself.
    package let change: ByteChange?

    package init(_ object: GitObject, change: ByteChange? = nil) {
        self.object = object
        self.change = change
    }
}
