import JSON
import Registry

/// Devices as Prometheus takes them from a server (`http_sd_config`): one group of one target each,
/// with what is known of the device in labels that begin with `__meta_muster_`.
struct PrometheusTargets {
    /// Which devices are asked for, and how.
    struct Selection: Hashable {
        /// Added to each address; nil leaves that to relabelling.
        var port: Int?
        var kind: Device.Kind?
        var region: String?
        var parent: DocumentID?

        /// Reads the parameters of a query.
        ///
        /// - Throws: ``NativeError`` naming the parameter that makes no sense.
        init(_ query: RawQuery) throws(NativeError) {
            for pair in query.pairs { try read(pair) }
        }

        private mutating func read(_ pair: RawQuery.Pair) throws(NativeError) {
            let text = pair.value
            switch pair.name {
            case "port":
                guard let port = Int(text), (1...65535).contains(port) else {
                    throw .parameter("port", "Must be a port from 1 to 65535.")
                }
                self.port = port
            case "kind":
                guard let kind = Device.Kind(rawValue: text) else {
                    throw .parameter("kind", "Must be host, network-device or device.")
                }
                self.kind = kind
            case "region": region = text
            case "parent":
                guard let parent = DocumentID(text) else {
                    throw .parameter("parent", "Must be the uid of a device.")
                }
                self.parent = parent
            default: throw .parameter(pair.name, "There is no such parameter.")
            }
        }

        func contains(_ device: Device) -> Bool {
            (kind ?? device.kind) == device.kind
                && region.map { $0.utf8.elementsEqual((device.region?.text ?? "").utf8) } ?? true
                && parent.map { $0 == device.parent } ?? true
        }
    }

    let selection: Selection

    /// The group of a device; nil where it is not asked for, or has no address.
    func group(of device: Device) -> JSONValue? {
        guard selection.contains(device), !device.address.isEmpty else { return nil }
        var labels = JSONObject()
        func label(_ name: String, _ text: String?) {
            guard let text else { return }
            labels[JSONString("__meta_muster_\(name)")] = .text(text)
        }
        label("uid", device.uid.text)
        label("name", device.name)
        label("kind", device.kind.rawValue)
        label("address", device.address)
        label("region", device.region?.text)
        label("parent", device.parent?.text)
        label("creation_date", device.creationDate?.description)
        for (name, value) in device.annotations {
            guard let text = Self.text(of: value) else { continue }
            label("annotation_\(Self.labelName(name))", text)
            label("annotationpresent_\(Self.labelName(name))", "true")
        }
        return [
            "targets": [.text(target(of: device.address))], "labels": .object(labels),
        ]
    }

    private func target(of address: String) -> String {
        guard let port = selection.port else { return address }
        return address.utf8.contains(UInt8(ascii: ":"))
            ? "[\(address)]:\(port)" : "\(address):\(port)"
    }

    /// Lists and objects are for no label.
    private static func text(of value: JSONValue) -> String? {
        switch value {
        case .string: value.text
        case .number, .bool: value.description
        default: nil
        }
    }

    /// What Prometheus lets a label's name hold; all else becomes `_`, as its own discoveries do.
    private static func labelName(_ name: JSONString) -> String {
        let bytes = name.description.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
