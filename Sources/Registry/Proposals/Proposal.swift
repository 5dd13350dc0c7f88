/// A change of the registry that waits for people's judgement: a pull request.
public struct Proposal: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case open, merged, closed
    }

    /// What somebody did about a proposal, in the order of time.
    public struct Event: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// It was made; `head` is its first.
            case opened
            /// It got another head.
            case updated
            case commented
            /// The head that `head` names was found good.
            case approved
            /// `head` is the commit of the served branch that has it now.
            case merged
            case closed
            case reopened
        }

        public let kind: Kind
        public let author: Author
        public let date: Timestamp
        public let head: Revision?
        /// What was said; empty for most.
        public let text: String

        public init(
            _ kind: Kind, by author: Author, at date: Timestamp, head: Revision? = nil,
            text: String = ""
        ) {
            self.kind = kind
            self.author = author
            self.date = date
            self.head = head
            self.text = text
        }
    }

    /// Counted from 1 in each registry.
    public let number: Int
    public var title: String
    /// What its author says about it, beside the commits.
    public var text: String
    /// The newest of its commits.
    public var head: Revision
    /// Who may go on with it by pushing: an account, or an address of a commit's author.
    public let owner: String
    public private(set) var events: [Event]

    public init(
        number: Int, title: String, text: String = "", head: Revision, owner: String,
        by author: Author, at date: Timestamp
    ) {
        self.number = number
        self.title = title
        self.text = text
        self.head = head
        self.owner = owner
        events = [Event(.opened, by: author, at: date, head: head)]
    }

    init(
        number: Int, title: String, text: String, head: Revision, owner: String, events: [Event]
    ) {
        self.number = number
        self.title = title
        self.text = text
        self.head = head
        self.owner = owner
        self.events = events
    }

    public var state: State {
        for event in events.reversed() {
            switch event.kind {
            case .merged: return .merged
            case .closed: return .closed
            case .reopened, .opened: return .open
            case .updated, .commented, .approved: continue
            }
        }
        return .open
    }

    public var author: Author { events.first?.author ?? .anonymous }
    public var opened: Timestamp? { events.first?.date }
    public var changed: Timestamp? { events.last?.date }

    /// Who found the present head good.
    public var approvals: [Event] {
        events.filter { $0.kind == .approved && $0.head == head }
    }

    /// The commit of the served branch that brought it; nil until it is merged.
    public var mergeCommit: Revision? {
        events.last { $0.kind == .merged }?.head
    }

    public mutating func add(_ event: Event) {
        events.append(event)
        if event.kind == .updated, let head = event.head { self.head = head }
    }

    /// The reference that keeps its commits.
    public var reference: String { Self.reference(number) }

    public static func reference(_ number: Int) -> String { "refs/proposals/\(number)/head" }
}
