import Foundation

/// Files of other projects, as people use them; they lie beside the package, not in it.
enum SharedData {
    static let note: String = "no ../shared/data beside the package, and MUSTER_SHARED names none"

    static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["MUSTER_SHARED"].map { URL(filePath: $0) }
            ?? package.appending(path: "../shared")
        let data = shared.appending(path: "data")
        return FileManager.default.fileExists(atPath: data.path) ? data : nil
    }()

    /// The dashboards of both kinds.
    static let dashboards: [URL] = ["grafana_dashboards", "foxglove_dashboards"].flatMap { name in
        guard let folder else { return [] as [URL] }
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder.appending(path: name), includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }
}
