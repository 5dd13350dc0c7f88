extension OverviewPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Overview", place: .overview)
        view.add(commits: commits, problems: problems, edit: nil, in: frame)
        view["historyHref"] = .text(links.history())
        view["activityHref"] = .text(links.activity)
        view["compareHref"] = .text(links.compare(from: "yesterday"))
        view["counts"] = .list(
            counts.map {
                [
                    "name": .text($0.name), "count": .text(Quantity.grouped($0.count)),
                    "href": .optional($0.path.map { links.address($0) }),
                ]
            })
        view["isEmpty"] = .flag(counts.allSatisfy { $0.count == 0 })
        view["serverURL"] = .text(serverURL)
        view["cloneWord"] = .text(shellWord(cloneURL))
        view["pathWord"] = .optional(clonePath.map { shellWord($0) })
        view["bundleHref"] = .text(links.address("/backup.bundle"))
        view["contents"] = .list(
            Self.cloneContents.map { ["path": .text($0.path), "meaning": .text($0.meaning)] })
        view["checks"] = .list(checks(frame))
        view["moreProblems"] = Self.rest(problemCount - problems.count)
        view["edits"] = .list(uncommittedEdits.map(\.view))
        view["hasEdits"] = .flag(!uncommittedEdits.isEmpty)
        view["moreEdits"] = Self.rest(uncommittedCount - uncommittedEdits.count)
        addSilence(to: &view, frame: frame, links: links)
        return view
    }

    /// `12 more`, for what a list leaves out.
    private static func rest(_ count: Int) -> View.Slot {
        count > 0 ? .text("\(Quantity.grouped(count)) more") : .absent
    }

    private func addSilence(to view: inout View, frame: Frame, links: Links) {
        let more = silentCount - silentDevices.count
        view["silentAfter"] = .text(silentAfter)
        view["silentCount"] = .text(Quantity.grouped(silentCount))
        view["hasSilent"] = .flag(!silentDevices.isEmpty)
        view["silentMore"] = more > 0 ? .text(Quantity.count(more, "more device")) : .absent
        let order = DeviceOrder(column: .contact, descending: false)
        let isNew = counts.allSatisfy { $0.count == 0 }
        view["noneSilent"] = .text(isNew ? "No devices yet." : "Every device has been in touch.")
        view["silentHref"] = .text(
            links.address("/devices/", [(name: "sort", value: order.text)]))
        view["silent"] = .list(
            silentDevices.map {
                [
                    "uid": .text($0.uid), "address": .text($0.address),
                    "href": .text(links.device($0.uid)),
                    "contact": .optional($0.lastContact?.view(now: frame.now)),
                ]
            })
    }

    private func checks(_ frame: Frame) -> [View] {
        let notices = frame.notices
        let isAway = notices.awayBranch != nil
        let hasInvalidEdit = uncommittedEdits.contains { $0.problem != nil }
        var checks = [
            check(
                problems.isEmpty, tone: "bad", good: "Every document is valid",
                poor: Quantity.count(max(problemCount, problems.count), "problem")),
            check(
                uncommittedEdits.isEmpty, tone: hasInvalidEdit ? "bad" : "warn",
                good: "Nothing is uncommitted",
                poor: Quantity.count(max(uncommittedCount, uncommittedEdits.count), "file")
                    + " with uncommitted edits"),
            check(
                !isAway, tone: "bad", good: "The working tree is on \(frame.branch)",
                poor: "The working tree is on \(notices.awayBranch ?? ""), not \(frame.branch)"),
        ]
        switch notices.readOnly {
        case nil: checks.append(check(true, tone: "warn", good: "Takes writes", poor: ""))
        case .trouble(let reason):
            checks.append(check(false, tone: "warn", good: "", poor: "Read-only: \(reason)"))
        // As it should be.
        case .chosen: break
        }
        return checks
    }

    private func check(_ isGood: Bool, tone: String, good: String, poor: String) -> View {
        [
            "tone": .text(isGood ? "good" : tone), "mark": .text(isGood ? "✓" : "!"),
            "text": .text(isGood ? good : poor),
        ]
    }

    /// What a clone holds, for people who have not seen one.
    private static let cloneContents: [(path: String, meaning: String)] = [
        ("devices/", "one JSON file per device"),
        ("grafana_dashboards/", "each dashboard as Grafana exports it"),
        ("foxglove_dashboards/", "each layout as Foxglove exports it"),
        ("prometheus_alert_rules/", "rule files, as their authors wrote them"),
        ("loki_alert_rules/", "likewise"),
        ("certificates/", "certificates, their public parts"),
        ("schemas/", "JSON Schemas of every kind of document, for editors"),
        ("registry.json", "settings of the registry"),
    ]
}
