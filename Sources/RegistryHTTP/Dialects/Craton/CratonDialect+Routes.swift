import Registry

extension CratonDialect {
    /// Everything below `/v1/`, and what answers it.
    static let routes: [CratonRoute] = [
        CratonRoute("devices", get: list),

        CratonRoute("clouds", of: .clouds, get: list, post: create),
        CratonRoute("clouds/<id>", of: .clouds, get: read, put: change, delete: remove),
        variables("clouds/<id>/variables", of: .clouds),

        CratonRoute("regions", of: .regions, get: list, post: create),
        CratonRoute("regions/<id>", of: .regions, get: read, put: change, delete: remove),
        variables("regions/<id>/variables", of: .regions),

        CratonRoute("cells", of: .cells, get: list, post: create),
        CratonRoute("cells/<id>", of: .cells, get: read, put: change, delete: remove),
        variables("cells/<id>/variables", of: .cells),

        CratonRoute("hosts", of: .hosts, get: list, post: create),
        CratonRoute("hosts/<id>", of: .hosts, get: read, put: change, delete: remove),
        variables("hosts/<id>/variables", of: .hosts),
        labels("hosts/<id>/labels", of: .hosts),

        CratonRoute("network-devices", of: .networkDevices, get: list, post: create),
        CratonRoute(
            "network-devices/<id>", of: .networkDevices, get: read, put: change, delete: remove),
        variables("network-devices/<id>/variables", of: .networkDevices),
        labels("network-devices/<id>/labels", of: .networkDevices),

        CratonRoute("networks", of: .networks, get: list, post: create),
        CratonRoute("networks/<id>", of: .networks, get: read, put: change, delete: remove),
        variables("networks/<id>/variables", of: .networks),

        CratonRoute("network-interfaces", of: .networkInterfaces, get: list, post: create),
        CratonRoute(
            "network-interfaces/<id>", of: .networkInterfaces, get: read, put: change,
            delete: remove),

        CratonRoute("users", of: .users, get: list, post: createUser),
        CratonRoute("users/<id>", of: .users, get: read, delete: remove),

        CratonRoute("projects", of: .projects, get: list, post: create),
        CratonRoute("projects/<id>", of: .projects, get: read, delete: remove),
        variables("projects/<id>/variables", of: .projects),
    ]

    private static func variables(_ path: String, of kind: CratonKind) -> CratonRoute {
        CratonRoute(
            path, of: kind, get: readVariables, put: putVariables, delete: removeVariables)
    }

    private static func labels(_ path: String, of kind: CratonKind) -> CratonRoute {
        CratonRoute(path, of: kind, get: readLabels, put: putLabels, delete: removeLabels)
    }
}
