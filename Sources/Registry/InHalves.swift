internal import Dispatch

/// Does the halves of some work on two threads at once.
package func inHalves(_ count: Int, _ work: @Sendable (Range<Int>) -> Void) {
    DispatchQueue.concurrentPerform(iterations: 2) { half in
        work(half == 0 ? 0..<count / 2 : count / 2..<count)
    }
}
