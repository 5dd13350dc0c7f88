/// Turns pages into HTML, by templates that are compiled once.
public struct PageRenderer: Sendable {
    /// Compiles every template; throws when one does not compile.
    public init() throws {}

    /// One page as an HTML document, UTF-8.
    public func render(_ page: OverviewPage, in frame: Frame) -> String { "" }
    public func render(_ page: DeviceListPage, in frame: Frame) -> String { "" }
    public func render(_ page: DevicePage, in frame: Frame) -> String { "" }
    public func render(_ page: DashboardListPage, in frame: Frame) -> String { "" }
    public func render(_ page: DashboardPage, in frame: Frame) -> String { "" }
    public func render(_ page: RuleListPage, in frame: Frame) -> String { "" }
    public func render(_ page: RulePage, in frame: Frame) -> String { "" }
    public func render(_ page: MessagePage, in frame: Frame) -> String { "" }
}
