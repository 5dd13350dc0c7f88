import Registry
import RegistryHTML

extension DeviceLinks {
    /// Where the tools of a deployment show one device.
    ///
    /// - Parameters:
    ///   - server: what the request says about this server: `https` and `example.org:8443`.
    ///   - model: the deployment's model name, which all paths start with; may be empty.
    init(
        device: String, address: String, grafanaDashboards: [String],
        foxgloveDashboards: [String], server: (scheme: String, host: String), model: String
    ) {
        let model = model.isEmpty ? "" : percentEncoded(model) + "-"
        let root = "\(server.scheme)://\(server.host)/\(model)"
        let socket = Self.webSocket(of: address, isSecure: server.scheme == "https")
        let studio =
            root + "foxglove-studio/?ds=foxglove-websocket&ds.url=" + formEncoded(socket)
        // Foxglove takes the layout's address without scheme and without the final slash.
        let layouts =
            "\(server.host)/\(model)cos-registration-server/api/v1/applications/foxglove/dashboards/"
        self.init(
            foxgloveStudio: studio,
            grafana: root + "grafana/dashboards/",
            bagFiles: root + "ros2bag-fileserver/\(percentEncoded(device))/",
            foxgloveDashboards: foxgloveDashboards.map { uid in
                let layout = formEncoded(layouts + percentEncoded(uid))
                return DashboardLink(uid: uid, href: studio + "&layoutUrl=" + layout)
            },
            grafanaDashboards: grafanaDashboards.map { uid in
                let href =
                    root + "grafana/d/\(percentEncoded(uid))/?var-Host=\(formEncoded(device))"
                return DashboardLink(uid: uid, href: href)
            })
    }

    /// The Foxglove bridge of a device; an IPv6 address stands in brackets (RFC 3986, section 3.2.2).
    private static func webSocket(of address: String, isSecure: Bool) -> String {
        let host = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
        return "\(isSecure ? "wss" : "ws")://\(host):8765"
    }
}
