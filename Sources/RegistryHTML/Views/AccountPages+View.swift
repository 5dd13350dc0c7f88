extension AccountPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Your account", place: .account)
        view["name"] = .text(name)
        view["done"] = .optional(done)
        view["tokensHref"] = .text(links.tokens)
        view["passwordHref"] = .text(links.password)
        view["accountsHref"] = isAdministrator ? .text(links.accounts) : .absent
        view["rights"] = .list(rights.map { ["text": .text($0)] })
        view.add(list: "roles", roles.map { ["name": .text($0)] })
        view["hasSeveralRoles"] = .flag(roles.count > 1)
        view["sessionHref"] = .text(links.sessions)
        view["hasOthers"] = .flag(sessions.contains { !$0.isThis })
        view["sessions"] = .list(sessions.map { $0.view(now: frame.now) })
        return view
    }
}

extension LoginSession {
    fileprivate func view(now: Moment) -> View {
        [
            "id": .text(id), "browser": .text(browserName(browser)), "agent": .text(browser),
            "address": .text(address ?? "this machine"), "isThis": .flag(isThis),
            "lastUse": .view(lastUse.view(now: now)), "ends": .view(ends.view(now: now)),
        ]
    }
}

extension AccountListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Accounts", place: .accounts)
        view["done"] = .optional(done)
        view["count"] = .text(Quantity.grouped(rows.count))
        view["rows"] = .list(rows.map { $0.view(in: frame) })
        view["knownRoles"] = .list(knownRoles.map { ["name": .text($0)] })
        view["action"] = .text(links.accounts)
        return view
    }
}

extension AccountListPage.Row {
    fileprivate func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view: View = [
            "name": .text(name), "kind": .text(isMachine ? "machine" : "person"),
            "isPerson": .flag(!isMachine), "isOwn": .flag(isOwn), "isDisabled": .flag(isDisabled),
            "roleText": .nonEmpty(roles.joined(separator: " ")),
            "tokenCount": .text(Quantity.count(tokenCount, "token")),
            "href": .text(links.account(name)), "tokensHref": .text(links.tokens(of: name)),
            "created": .view(created.view(now: frame.now)),
        ]
        // The colours of certificates mean the same.
        let (state, colour) =
            switch (isDisabled, awaitsPassword) {
            case (true, _): ("shut out", "denied")
            case (false, true): ("invited", "pending")
            case (false, false): ("let in", "signed")
            }
        view["state"] = .text(state)
        view["colour"] = .text(colour)
        view["passwordState"] = .text(
            isMachine
                ? "machines have none"
                : !hasPassword ? "none" : awaitsPassword ? "for one login" : "chosen")
        return view
    }
}

extension AccountDetailPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: row.name, place: .accounts, here: row.name)
        view["row"] = .view(row.view(in: frame))
        view["knownRoles"] = .list(knownRoles.map { ["name": .text($0)] })
        view["action"] = .text(links.account(row.name))
        view["sessionHref"] = .text(links.account(row.name))
        view.add(list: "sessions", sessions.map { $0.view(now: frame.now) })
        view["password"] = .optional(password)
        view["done"] = .optional(done)
        return view
    }
}
