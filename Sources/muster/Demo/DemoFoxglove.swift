import JSON

/// A Foxglove layout of the demonstration.
struct DemoLayout: Sendable {
    let uid: String
    /// Panel ids (`Image!front`) with their settings, in the order in which the layout splits.
    let panels: [(id: String, settings: JSONValue)]

    /// The layout as Foxglove exports it.
    var json: JSONValue {
        [
            "configById": .object(JSONObject(panels.map { (JSONString($0.id), $0.settings) })),
            "globalVariables": [:],
            "userNodes": [:],
            "playbackConfig": ["speed": .number(JSONNumber(written: "1.0"))],
            "layout": split(panels.map(\.id)[...], direction: "row"),
        ]
    }

    private func split(_ ids: ArraySlice<String>, direction: String) -> JSONValue {
        guard let first = ids.first, ids.count > 1 else { return .text(ids.first ?? "") }
        let rest = split(ids.dropFirst(), direction: direction == "row" ? "column" : "row")
        return [
            "first": .text(first), "second": rest, "direction": .text(direction),
            "splitPercentage": 60,
        ]
    }
}

extension DemoLayout {
    static let all = [
        DemoLayout(
            uid: "teleop",
            panels: [
                ("Image!front", camera("/camera/front/image_raw/compressed")),
                (
                    "Teleop!drive",
                    [
                        "topic": "/cmd_vel", "publishRate": 10,
                        "upButton": [
                            "field": "linear-x", "value": .number(JSONNumber(written: "0.5")),
                        ],
                        "downButton": [
                            "field": "linear-x", "value": .number(JSONNumber(written: "-0.3")),
                        ],
                        "leftButton": ["field": "angular-z", "value": 1],
                        "rightButton": ["field": "angular-z", "value": -1],
                    ]
                ),
                ("Plot!speed", plot(["/odom.twist.twist.linear.x", "/cmd_vel.linear.x"])),
            ]),
        DemoLayout(
            uid: "localisation",
            panels: [
                (
                    "3D!map",
                    [
                        "followTf": "base_link", "followMode": "follow-pose",
                        "topics": [
                            "/map": ["visible": true, "colorMode": "map"],
                            "/scan": ["visible": true, "colorField": "intensity", "pointSize": 3],
                            "/plan": [
                                "visible": true, "lineWidth": .number(JSONNumber(written: "0.05")),
                            ],
                        ],
                    ]
                ),
                (
                    "Plot!error",
                    plot(["/localisation/covariance.data[0]", "/localisation/covariance.data[7]"])
                ),
                ("RosOut!log", ["searchTerms": ["amcl", "planner"], "minLogLevel": 3]),
            ]),
        DemoLayout(
            uid: "arm-cell",
            panels: [
                ("Image!cell", camera("/cell/overview/image_raw/compressed")),
                (
                    "3D!arm",
                    ["followTf": "base_link", "topics": ["/robot_description": ["visible": true]]]
                ),
                ("Plot!torque", plot((0..<6).map { "/joint_states.effort[\($0)]" })),
                (
                    "Indicator!estop",
                    [
                        "path": "/safety/estop.data", "style": "background",
                        "fallbackLabel": "Running",
                    ]
                ),
            ]),
    ]

    private static func camera(_ topic: String) -> JSONValue {
        ["imageMode": ["imageTopic": .text(topic)], "synchronize": false]
    }

    private static func plot(_ paths: [String]) -> JSONValue {
        let lines = paths.map { path -> JSONValue in
            ["value": .text(path), "enabled": true, "timestampMethod": "receiveTime"]
        }
        return [
            "paths": .array(lines), "showXAxisLabels": true, "isSynced": true,
            "followingViewWidth": 30,
        ]
    }
}

extension JSONNumber {
    /// A number whose text is kept; 0 when the text is no number.
    fileprivate init(written text: String) { self = JSONNumber(literal: text) ?? JSONNumber(0) }
}
