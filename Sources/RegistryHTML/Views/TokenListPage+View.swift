extension TokenListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view =
            isOwn
            ? frame.view(title: "Tokens", place: .account, here: "Tokens")
            : frame.view(title: "Tokens of \(owner)", place: .accounts, here: "Tokens of \(owner)")
        view["owner"] = .text(owner)
        view["isOwn"] = .flag(isOwn)
        view["done"] = .optional(done)
        view["secret"] = .optional(secret)
        view["action"] = .text(isOwn ? links.tokens : links.tokens(of: owner))
        view.add(list: "tokens", tokens.map { $0.view(now: frame.now) })
        view["allRights"] = .list(
            rights.map {
                ["name": .text($0), "isUsual": .flag($0 == "read" || $0 == "write")]
            })
        view["collections"] = .list(collections.map { ["name": .text($0)] })
        return view
    }
}

extension TokenListPage.Token {
    fileprivate func view(now: Moment) -> View {
        [
            "id": .text(id), "name": .text(name),
            "rights": .text(rights.isEmpty ? "nothing" : rights.joined(separator: ", ")),
            "subject": .optional(subject),
            "networks": .nonEmpty(networks.joined(separator: ", ")),
            "lastUse": .optional(lastUse?.view(now: now)), "isUnused": .flag(lastUse == nil),
            "lastAddress": .optional(lastAddress),
            "expires": .optional(expires?.view(now: now)), "isEndless": .flag(expires == nil),
            "isExpired": .flag(expires.map { $0 <= now } ?? false),
        ]
    }

    /// What its rights are for, where that is not everything.
    private var subject: String? {
        let parts = [
            device.map { "the device \($0)" },
            collections.map { $0.isEmpty ? "no collection" : $0.joined(separator: ", ") },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " in ")
    }
}
