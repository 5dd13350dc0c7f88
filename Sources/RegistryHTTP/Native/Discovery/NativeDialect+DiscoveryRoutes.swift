import HTTPTypes
import JSON
import Registry

extension NativeDialect {
    static let discoveryRoutes: [NativeRoute] = [
        NativeRoute(
            .get, "sd/prometheus", prometheusTargets,
            .init(
                .discovery, "Lists devices as targets for Prometheus",
                details: "For `http_sd_configs`: a group of one target for each device that has an "
                    + "address; what is known of it is in labels that begin with `__meta_muster_`.",
                parameters: [
                    .query(
                        "port", .integer.with("minimum", 1).with("maximum", 65_535),
                        "Added to each address."),
                    .query(
                        "kind", .word("host", "network-device", "device"),
                        "Only devices of this kind."),
                    .query("region", .text, "Only devices of this region."),
                    .query("parent", .uid, "Only devices right below this one."),
                ],
                answers: [.ok(.list(of: .targetGroup)), .notModified],
                refusals: [400: "A parameter makes no sense."]))
    ]
}

extension APITag {
    static let discovery = APITag(
        name: "discovery", description: "Devices for what watches them.")
}

extension APISchema {
    fileprivate static let targetGroup = APISchema.named(
        "TargetGroup",
        .object(["targets": .list(of: .text), "labels": .map(of: .text)]))
}
