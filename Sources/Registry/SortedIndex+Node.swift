extension SortedIndex {
    /// A leaf with elements, or a branch with children; never both.
    struct Node: Sendable {
        /// How many elements a leaf, and how many children a branch, holds at most.
        static var capacity: Int { 48 }
        private static var minimum: Int { capacity / 2 }

        fileprivate(set) var elements: [Element]
        fileprivate(set) var children: [Node]
        /// How many elements are below.
        private(set) var count: Int
        /// The greatest element below; nil only in an empty tree.
        private(set) var last: Element?

        init(leaf elements: [Element]) {
            self.elements = elements
            children = []
            count = elements.count
            last = elements.last
        }

        init(branch children: [Node]) {
            elements = []
            self.children = children
            count = children.reduce(0) { $0 + $1.count }
            last = children.last?.last
        }

        var width: Int { children.isEmpty ? elements.count : children.count }

        /// Where `element` is in a leaf, or would be.
        func elementIndex(for element: Element) -> Int {
            elements.partitioningIndex { $0 >= element }
        }

        /// The child that holds `element`, or would.
        func childIndex(for element: Element) -> Int {
            let index = children.partitioningIndex { child in
                child.last.map { $0 >= element } ?? true
            }
            return min(index, children.count - 1)
        }
    }
}

extension SortedIndex.Node {
    mutating func insert(_ element: Element) -> Bool {
        if children.isEmpty {
            let index = elementIndex(for: element)
            guard index == elements.count || elements[index] != element else { return false }
            elements.insert(element, at: index)
        } else {
            let index = childIndex(for: element)
            guard children[index].insert(element) else { return false }
            if children[index].width > Self.capacity {
                let second = children[index].splitOff()
                children.insert(second, at: index + 1)
            }
        }
        count += 1
        last = children.isEmpty ? elements.last : children.last?.last
        return true
    }

    mutating func remove(_ element: Element) -> Bool {
        if children.isEmpty {
            let index = elementIndex(for: element)
            guard index < elements.count, elements[index] == element else { return false }
            elements.remove(at: index)
        } else {
            let index = childIndex(for: element)
            guard children[index].remove(element) else { return false }
            if children[index].width < Self.minimum { refill(index) }
        }
        count -= 1
        last = children.isEmpty ? elements.last : children.last?.last
        return true
    }

    /// Cuts the second half off.
    mutating func splitOff() -> Self {
        if children.isEmpty {
            let second = Self(leaf: Array(elements[(elements.count / 2)...]))
            self = Self(leaf: Array(elements[..<(elements.count / 2)]))
            return second
        }
        let second = Self(branch: Array(children[(children.count / 2)...]))
        self = Self(branch: Array(children[..<(children.count / 2)]))
        return second
    }

    /// Joins the child at `index`, which has become too narrow, with a neighbour, and splits them
    /// again when that is too wide.
    private mutating func refill(_ index: Int) {
        guard children.count > 1 else { return }
        let first = index == 0 ? 0 : index - 1
        let (left, right) = (children[first], children[first + 1])
        var joined =
            left.children.isEmpty
            ? Self(leaf: left.elements + right.elements)
            : Self(branch: left.children + right.children)
        if joined.width > Self.capacity {
            let second = joined.splitOff()
            children.replaceSubrange(first...first + 1, with: [joined, second])
        } else {
            children.replaceSubrange(first...first + 1, with: CollectionOfOne(joined))
        }
    }

    /// A tree of the elements, its nodes filled evenly.
    static func build(_ elements: [Element]) -> Self {
        guard elements.count > capacity else { return Self(leaf: elements) }
        var level = evenly(elements).map { Self(leaf: Array($0)) }
        while level.count > capacity { level = evenly(level).map { Self(branch: Array($0)) } }
        return Self(branch: level)
    }

    /// Cuts `items`, more than fit into one node, into parts that are all at least half full.
    private static func evenly<Item>(_ items: [Item]) -> [ArraySlice<Item>] {
        let parts = (items.count + capacity - 1) / capacity
        return (0..<parts).map { part in
            items[(items.count * part / parts)..<(items.count * (part + 1) / parts)]
        }
    }
}

/// The elements of a ``SortedIndex`` from one of them on.
struct SortedSequence<Element: Comparable & Sendable>: Sequence, IteratorProtocol, Sendable {
    /// Leaves and branches on the way, each with the place to go on from.
    private var path: [(node: SortedIndex<Element>.Node, next: Int)] = []

    init(root: SortedIndex<Element>.Node, rank: Int) {
        var (node, rank) = (root, rank)
        guard rank < root.count else { return }
        while !node.children.isEmpty {
            var index = 0
            while rank >= node.children[index].count {
                rank -= node.children[index].count
                index += 1
            }
            path.append((node, index + 1))
            node = node.children[index]
        }
        path.append((node, rank))
    }

    mutating func next() -> Element? {
        while let (node, next) = path.last {
            guard next < node.width else {
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            if node.children.isEmpty { return node.elements[next] }
            path.append((node.children[next], 0))
        }
        return nil
    }
}

extension Array {
    /// The first index whose element `isInSecondPart`; those that are must come last.
    fileprivate func partitioningIndex(where isInSecondPart: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
