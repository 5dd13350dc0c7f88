extension LoginPage {
    func view(in frame: Frame) -> View {
        var view = frame.view(title: "Log in", place: nil)
        view["action"] = .text(Links(frame).login)
        // Here the login itself is.
        view["loginHref"] = .absent
        view["account"] = .text(account)
        view["hasAccount"] = .flag(!account.isEmpty)
        view["then"] = .text(then)
        view["notice"] = .optional(notice)
        view["failure"] = .optional(failure)
        return view
    }
}

extension PasswordPage {
    func view(in frame: Frame) -> View {
        var view = frame.view(title: "Password", place: .account, here: "Password")
        view["action"] = .text(Links(frame).password)
        view["account"] = .text(account)
        view["isRequired"] = .flag(isRequired)
        view["failure"] = .optional(failure)
        view["shortest"] = .number(shortest)
        return view
    }
}
