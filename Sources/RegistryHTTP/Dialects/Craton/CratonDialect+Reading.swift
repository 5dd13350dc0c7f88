import Hummingbird
import JSON
import Registry

extension CratonDialect {
    /// `GET /v1/<collection>`
    func list(_ call: CratonCall) throws -> Response {
        let subject: CratonQuery.Subject = call.route.kind.map { .kind($0) } ?? .devices
        let query = try CratonQuery(subject, call.query)
        try call.requireRole()
        let address = call.context.baseURL + call.path.raw
        return try call.answer {
            try call.rendering.list(query, for: call.caller) { pairs in
                address + "?"
                    + pairs.map { "\($0.name)=\(percentEncoded($0.value))" }
                    .joined(separator: "&")
            }
        }
    }

    /// `GET /v1/<collection>/<id>`
    func read(_ call: CratonCall) throws -> Response {
        let kind = call.kind
        var shown = CratonRendering.Shown.own
        if kind.inheritsVariables {
            shown = try CratonRefusal.readResolved(call.query) ? .resolved : .own
        } else {
            try CratonRefusal.refuseQuery(call.query)
        }
        try call.requireRole()
        return call.answerItem(
            try call.rendering.item(kind, call.id, shown, for: call.caller))
    }

    /// `GET /v1/<collection>/<id>/variables`: of hosts those that count, of others their own.
    func readVariables(_ call: CratonCall) throws -> Response {
        var isResolved = false
        if call.kind == .hosts {
            isResolved = try CratonRefusal.readResolved(call.query)
        } else {
            try CratonRefusal.refuseQuery(call.query)
        }
        try call.requireRole()
        return call.answerItem(
            try call.rendering.variables(
                call.kind, call.id, resolved: isResolved, for: call.caller))
    }

    /// `GET /v1/<collection>/<id>/labels`
    func readLabels(_ call: CratonCall) throws -> Response {
        try CratonRefusal.refuseQuery(call.query)
        return call.answerItem(
            try call.rendering.labels(call.kind, call.id, for: call.caller))
    }
}
