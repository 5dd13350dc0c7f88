import Mustache

/// Turns pages into HTML, by templates that are compiled once.
public struct PageRenderer: Sendable {
    private let library: MustacheLibrary

    /// Compiles every template; throws when one does not compile.
    public init() throws {
        MustacheContentTypes.register(VisibleHTML(), named: VisibleHTML.name)
        var library = MustacheLibrary()
        for (name, source) in Self.sources {
            let text = String(decoding: source, as: UTF8.self)
            // A partial starts with the library's own escaping again, so each template names ours.
            try library.register(
                "{{% CONTENT_TYPE:\(VisibleHTML.name)}}\n" + text, named: name)
        }
        self.library = library
    }

    /// The overview as an HTML document.
    public func render(_ page: OverviewPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "overview")
    }

    /// The list of devices as an HTML document.
    public func render(_ page: DeviceListPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "device_list")
    }

    /// One device as an HTML document.
    public func render(_ page: DevicePage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "device")
    }

    /// The fleet as an HTML document.
    public func render(_ page: FleetPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "fleet")
    }

    /// The lists of dashboards as an HTML document.
    public func render(_ page: DashboardListPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "dashboard_list")
    }

    /// One dashboard as an HTML document.
    public func render(_ page: DashboardPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "dashboard")
    }

    /// The lists of rule files as an HTML document.
    public func render(_ page: RuleListPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "rule_list")
    }

    /// One rule file as an HTML document.
    public func render(_ page: RulePage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "rule")
    }

    /// The list of proposals as an HTML document.
    public func render(_ page: ProposalListPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "proposal_list")
    }

    /// One proposal as an HTML document.
    public func render(_ page: ProposalPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "proposal")
    }

    /// The state of the repository as an HTML document.
    public func render(_ page: RepositoryPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "repository")
    }

    /// The uncommitted edits as an HTML document.
    public func render(_ page: EditsPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "edit_list")
    }

    /// The question before an edit is discarded as an HTML document.
    public func render(_ page: DiscardPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "discard")
    }

    /// The problems as an HTML document.
    public func render(_ page: ProblemsPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "problem_list")
    }

    /// The kept tips as an HTML document.
    public func render(_ page: KeptPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "kept")
    }

    /// The preview of an undo as an HTML document.
    public func render(_ page: UndoPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "undo")
    }

    /// The question what to take back as an HTML document.
    public func render(_ page: UndoQuestionPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "undo_question")
    }

    /// The deleted documents as an HTML document.
    public func render(_ page: DeletedPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "deleted")
    }

    /// Who is told of changes as an HTML document.
    public func render(_ page: WebhookListPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "webhook_list")
    }

    /// One of them as an HTML document.
    public func render(_ page: WebhookPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "webhook")
    }

    /// What a search over everything found, as an HTML document.
    public func render(_ page: SearchPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "search_results")
    }

    /// An API's description as an HTML document.
    public func render(_ page: APIReferencePage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "api_reference")
    }

    /// A list of commits as an HTML document.
    public func render(_ page: HistoryListPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "history")
    }

    /// One commit as an HTML document.
    public func render(_ page: CommitPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "commit")
    }

    /// Who set each part of a document, as an HTML document.
    public func render(_ page: BlamePage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "blame")
    }

    /// Two states beside each other as an HTML document.
    public func render(_ page: ComparePage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "compare")
    }

    /// Commits by day and author as an HTML document.
    public func render(_ page: ActivityPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "activity")
    }

    /// A message as an HTML document, to be sent with its status.
    public func render(_ page: MessagePage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "message")
    }

    /// The login as an HTML document.
    public func render(_ page: LoginPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "login")
    }

    /// The change of one's password as an HTML document.
    public func render(_ page: PasswordPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "password")
    }

    /// One's own account as an HTML document.
    public func render(_ page: AccountPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "account")
    }

    /// The tokens of an account as an HTML document.
    public func render(_ page: TokenListPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "token_list")
    }

    /// All accounts as an HTML document.
    public func render(_ page: AccountListPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "account_list")
    }

    /// One account as an HTML document.
    public func render(_ page: AccountDetailPage, in frame: Frame) -> String {
        render(page.view(in: frame), with: "account_detail")
    }

    private func render(_ view: View, with name: String) -> String {
        library.render(view, withTemplate: name) ?? ""
    }

    /// The templates by the name that partials call them.
    static let sources: [(name: String, source: [UInt8])] = [
        ("account", PackageResources.account_mustache),
        ("account_detail", PackageResources.account_detail_mustache),
        ("account_list", PackageResources.account_list_mustache),
        ("api_reference", PackageResources.api_reference_mustache),
        ("choices", PackageResources.choices_mustache),
        ("activity", PackageResources.activity_mustache),
        ("author", PackageResources.author_mustache),
        ("blame", PackageResources.blame_mustache),
        ("commit", PackageResources.commit_mustache),
        ("commits", PackageResources.commits_mustache),
        ("compare", PackageResources.compare_mustache),
        ("conflicts", PackageResources.conflicts_mustache),
        ("dashboard", PackageResources.dashboard_mustache),
        ("dashboard_list", PackageResources.dashboard_list_mustache),
        ("deleted", PackageResources.deleted_mustache),
        ("device", PackageResources.device_mustache),
        ("device_list", PackageResources.device_list_mustache),
        ("difference", PackageResources.difference_mustache),
        ("discard", PackageResources.discard_mustache),
        ("edit", PackageResources.edit_mustache),
        ("edit_list", PackageResources.edit_list_mustache),
        ("fleet", PackageResources.fleet_mustache),
        ("form_code", PackageResources.form_code_mustache),
        ("history", PackageResources.history_mustache),
        ("kept", PackageResources.kept_mustache),
        ("layout", PackageResources.layout_mustache),
        ("login", PackageResources.login_mustache),
        ("message", PackageResources.message_mustache),
        ("overview", PackageResources.overview_mustache),
        ("pager", PackageResources.pager_mustache),
        ("password", PackageResources.password_mustache),
        ("problem_list", PackageResources.problem_list_mustache),
        ("problems", PackageResources.problems_mustache),
        ("proposal", PackageResources.proposal_mustache),
        ("proposal_list", PackageResources.proposal_list_mustache),
        ("repository", PackageResources.repository_mustache),
        ("rule", PackageResources.rule_mustache),
        ("rule_list", PackageResources.rule_list_mustache),
        ("search", PackageResources.search_mustache),
        ("search_results", PackageResources.search_results_mustache),
        ("sessions", PackageResources.sessions_mustache),
        ("touches", PackageResources.touches_mustache),
        ("undo", PackageResources.undo_mustache),
        ("undo_question", PackageResources.undo_question_mustache),
        ("times", PackageResources.times_mustache),
        ("token_list", PackageResources.token_list_mustache),
        ("uses", PackageResources.uses_mustache),
        ("webhook", PackageResources.webhook_mustache),
        ("webhook_list", PackageResources.webhook_list_mustache),
    ]
}
