import Registry

extension MessagePage {
    func view(in frame: Frame) -> View {
        var view = frame.view(title: title, place: nil)
        view["status"] = .number(status)
        view["heading"] = .text(title)
        view["message"] = .text(message)
        view["advice"] = .nonEmpty(advice)
        view["restoreHref"] = .optional(document.map { Links(frame).restore($0) })
        return view
    }
}
