/// An ordered set whose copies share structure: a counted B+ tree.
///
/// A copy costs nothing; insertion, removal, rank and selection take O(log n), and after a copy
/// only the nodes on the way to the change are made anew.
struct SortedIndex<Element: Comparable & Sendable>: Sendable {
    private(set) var root = Node(leaf: [])

    init() {}

    /// Builds the tree in place, in O(n).
    ///
    /// - Parameter elements: in ascending order, each once.
    init(sorted elements: some Swift.Collection<Element>) { root = Node.build(Array(elements)) }

    var count: Int { root.count }
    var isEmpty: Bool { root.count == 0 }

    /// Adds `element`; false when it is there already.
    @discardableResult
    mutating func insert(_ element: Element) -> Bool {
        guard root.insert(element) else { return false }
        if root.width > Node.capacity {
            let second = root.splitOff()
            root = Node(branch: [root, second])
        }
        return true
    }

    /// Takes `element` out; false when it is not there.
    @discardableResult
    mutating func remove(_ element: Element) -> Bool {
        guard root.remove(element) else { return false }
        if root.children.count == 1 { root = root.children[0] }
        return true
    }

    func contains(_ element: Element) -> Bool { find(element).isMember }

    /// How many elements come before `element`, which need not be in the set.
    func rank(of element: Element) -> Int { find(element).rank }

    /// The element with `rank` others before it.
    subscript(rank: Int) -> Element {
        precondition((0..<count).contains(rank), "no element has this rank")
        var (node, rank) = (root, rank)
        while !node.children.isEmpty {
            var index = 0
            while rank >= node.children[index].count {
                rank -= node.children[index].count
                index += 1
            }
            node = node.children[index]
        }
        return node.elements[rank]
    }

    /// The elements in order, from the one with `rank` others before it.
    func elements(from rank: Int = 0) -> SortedSequence<Element> {
        SortedSequence(root: root, rank: max(rank, 0))
    }

    private func find(_ element: Element) -> (rank: Int, isMember: Bool) {
        var node = root
        var rank = 0
        while !node.children.isEmpty {
            let index = node.childIndex(for: element)
            for child in node.children[..<index] { rank += child.count }
            node = node.children[index]
        }
        let index = node.elementIndex(for: element)
        return (rank + index, index < node.elements.count && node.elements[index] == element)
    }
}
