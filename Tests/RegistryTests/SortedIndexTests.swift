import Testing

@testable import Registry

@Suite("The sorted index")
struct SortedIndexTests {
    @Test(
        "it says what a sorted array says, through any insertions and removals",
        arguments: 0..<6 as Range<UInt64>)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let range = [10, 300, 5_000][Int(seed) % 3]
        var model: [Int] = []
        var index = SortedIndex<Int>()
        for step in 0..<12_000 {
            let element = Int.random(in: 0..<range, using: &generator)
            let place = model.firstIndex { $0 >= element } ?? model.count
            let isThere = place < model.count && model[place] == element
            // Phases of growth and of shrinking, so that nodes split and join.
            if (step / 3_000).isMultiple(of: 2) == (Int.random(in: 0..<4, using: &generator) > 0) {
                let isNew = index.insert(element)
                #expect(isNew == !isThere)
                if !isThere { model.insert(element, at: place) }
            } else {
                let wasThere = index.remove(element)
                #expect(wasThere == isThere)
                if isThere { model.remove(at: place) }
            }
            #expect(
                index.count == model.count && index.contains(element) == model.contains(element))
            #expect(index.rank(of: element) == place)
            if step.isMultiple(of: 101) { expectEqual(index, model, &generator) }
        }
        expectEqual(index, model, &generator)
    }

    @Test("a copy keeps what it had", arguments: [0, 1, 47, 48, 49, 2_000])
    func copies(count: Int) {
        let first = SortedIndex(sorted: 0..<count)
        var second = first
        for element in 0..<count where element.isMultiple(of: 2) { second.remove(element) }
        second.insert(-1)
        #expect(Array(first.elements()) == Array(0..<count))
        #expect(Array(second.elements()) == [-1] + (0..<count).filter { !$0.isMultiple(of: 2) })
    }

    @Test(
        "built in place it is what insertions make",
        arguments: [0, 1, 47, 48, 49, 96, 97, 2_304, 2_305, 20_000])
    func building(count: Int) {
        let elements = (0..<count).map { $0 * 3 }
        var index = SortedIndex(sorted: elements)
        #expect(Array(index.elements()) == elements)
        for element in elements { #expect(index.rank(of: element + 1) == element / 3 + 1) }
        for element in elements.reversed() { index.remove(element) }
        #expect(index.isEmpty)
    }

    @Test("taking everything out and putting it back works at any size")
    func emptying() {
        var index = SortedIndex<Int>()
        for round in 1...3 {
            for element in 0..<(round * 1_500) { index.insert(element * 7 % 10_007) }
            for element in 0..<(round * 1_500) { index.remove(element * 7 % 10_007) }
            #expect(index.isEmpty && Array(index.elements()).isEmpty)
        }
    }

    private func expectEqual(
        _ index: SortedIndex<Int>, _ model: [Int], _ generator: inout SeededGenerator
    ) {
        #expect(Array(index.elements()) == model)
        let rank = Int.random(in: 0...model.count, using: &generator)
        #expect(Array(index.elements(from: rank).prefix(70)) == Array(model[rank...].prefix(70)))
        if rank < model.count { #expect(index[rank] == model[rank]) }
    }
}
