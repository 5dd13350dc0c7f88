extension SortedIndex {
    /// The elements in descending order, from the one right before the place `rank`.
    func reversedElements(before rank: Int) -> ReversedSortedSequence<Element> {
        ReversedSortedSequence(root: root, rank: min(max(rank, 0), count))
    }

    /// Calls `body` with each element in order; faster than iterating.
    func forEach(_ body: (Element) -> Void) {
        var waiting = [root]
        while let node = waiting.popLast() {
            node.elements.withUnsafeBufferPointer { elements in
                for place in elements.indices { body(elements[place]) }
            }
            waiting += node.children.reversed()
        }
    }
}

/// The elements of a ``SortedIndex`` before a place, the last one first.
struct ReversedSortedSequence<Element: Comparable & Sendable>: Sequence, IteratorProtocol, Sendable
{
    /// Leaves and branches on the way, each with the place behind the one to go on with.
    private var path: [(node: SortedIndex<Element>.Node, next: Int)] = []

    init(root: SortedIndex<Element>.Node, rank: Int) {
        var (node, rank) = (root, rank)
        guard rank > 0 else { return }
        while !node.children.isEmpty {
            var index = 0
            while rank > node.children[index].count {
                rank -= node.children[index].count
                index += 1
            }
            path.append((node, index))
            node = node.children[index]
        }
        path.append((node, rank))
    }

    mutating func next() -> Element? {
        while let (node, next) = path.last {
            guard next > 0 else {
                path.removeLast()
                continue
            }
            path[path.count - 1].next -= 1
            if node.children.isEmpty { return node.elements[next - 1] }
            let child = node.children[next - 1]
            path.append((child, child.width))
        }
        return nil
    }
}
