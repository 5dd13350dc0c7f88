import JSON

/// One panel of a demonstration dashboard.
struct DemoPanel: Sendable {
    enum Kind: String, Sendable { case timeseries, stat, gauge, table, logs }

    let kind: Kind
    let title: String
    /// A PromQL expression, or LogQL for `logs`.
    let query: String
    let legend: String
    let unit: String
    /// Where values turn from good to doubtful and from doubtful to bad; in falling order when low is bad.
    let thresholds: [Int]

    init(
        _ kind: Kind, _ title: String, _ query: String, legend: String = "{{Host}}",
        unit: String = "short", thresholds: [Int] = []
    ) {
        self.kind = kind
        self.title = title
        self.query = query
        self.legend = legend
        self.unit = unit
        self.thresholds = thresholds
    }
}

/// A Grafana dashboard that grows, panel by panel, over the demonstration's history.
struct DemoDashboard: Sendable {
    let uid: String
    let title: String
    let tags: [String]
    let panels: [DemoPanel]

    /// The dashboard as Grafana exports it, with the first `count` panels.
    func json(panels count: Int, version: Int, refresh: String) -> JSONValue {
        let shown = panels.prefix(count).enumerated().map { panel($1, number: $0) }
        return [
            "annotations": ["list": []],
            "editable": true,
            "fiscalYearStartMonth": 0,
            "graphTooltip": 1,
            "links": [],
            "panels": .array(shown),
            "refresh": .text(refresh),
            "schemaVersion": 39,
            "tags": .array(tags.map(JSONValue.text)),
            "templating": ["list": [dataSourceVariable, hostVariable]],
            "time": ["from": "now-6h", "to": "now"],
            "timepicker": [:],
            "timezone": "browser",
            "title": .text(title),
            "uid": .text(uid),
            "version": .number(JSONNumber(version)),
            "weekStart": "monday",
        ]
    }

    private var dataSourceVariable: JSONValue {
        [
            "name": "datasource", "label": "Data source", "type": "datasource",
            "query": "prometheus", "refresh": 1,
        ]
    }

    private var hostVariable: JSONValue {
        [
            "name": "Host", "label": "Device", "type": "query", "multi": true, "includeAll": true,
            "datasource": ["type": "prometheus", "uid": "${datasource}"],
            "query": ["query": "label_values(up, Host)", "refId": "Host"], "refresh": 2, "sort": 1,
        ]
    }

    private func panel(_ panel: DemoPanel, number: Int) -> JSONValue {
        let isWide = panel.kind == .logs || panel.kind == .table
        let source: JSONValue =
            panel.kind == .logs
            ? ["type": "loki", "uid": "loki"] : ["type": "prometheus", "uid": "${datasource}"]
        return [
            "id": .number(JSONNumber(number + 1)),
            "type": .text(panel.kind.rawValue),
            "title": .text(panel.title),
            "datasource": source,
            "gridPos": [
                "h": 8, "w": isWide ? 24 : 12,
                "x": isWide ? 0 : .number(JSONNumber(number % 2 * 12)),
                "y": .number(JSONNumber(number / 2 * 8)),
            ],
            "fieldConfig": [
                "defaults": [
                    "unit": .text(panel.unit), "thresholds": thresholds(panel.thresholds),
                ],
                "overrides": [],
            ],
            "targets": [
                [
                    "refId": "A", "datasource": source, "expr": .text(panel.query),
                    "legendFormat": .text(panel.legend),
                ]
            ],
        ]
    }

    private func thresholds(_ limits: [Int]) -> JSONValue {
        let lowIsBad = limits.count == 2 && limits[0] > limits[1]
        let colors = lowIsBad ? ["red", "orange", "green"] : ["green", "orange", "red"]
        let base: JSONValue = ["color": .text(colors[0]), "value": .null]
        let steps = zip(colors.dropFirst(), limits.sorted()).map { color, limit -> JSONValue in
            ["color": .text(color), "value": .number(JSONNumber(limit))]
        }
        return ["mode": "absolute", "steps": .array([base] + steps)]
    }
}

extension DemoDashboard {
    static let all = [
        DemoDashboard(
            uid: "device-health", title: "Device health", tags: ["fleet", "hardware"],
            panels: [
                DemoPanel(.stat, "Up", #"up{Host=~"$Host"}"#, thresholds: [1, 1]),
                DemoPanel(
                    .timeseries, "CPU",
                    #"100 - avg by (Host) (rate(node_cpu_seconds_total{mode="idle",Host=~"$Host"}[5m])) * 100"#,
                    unit: "percent", thresholds: [70, 90]),
                DemoPanel(
                    .timeseries, "Memory available",
                    #"node_memory_MemAvailable_bytes{Host=~"$Host"}"#,
                    unit: "bytes"),
                DemoPanel(
                    .gauge, "Disk used",
                    #"100 - node_filesystem_avail_bytes{mountpoint="/",Host=~"$Host"} / "#
                        + #"node_filesystem_size_bytes{mountpoint="/",Host=~"$Host"} * 100"#,
                    unit: "percent", thresholds: [75, 90]),
                DemoPanel(
                    .timeseries, "Temperature", #"node_thermal_zone_temp{Host=~"$Host"}"#,
                    legend: "{{Host}} {{type}}", unit: "celsius", thresholds: [70, 85]),
                DemoPanel(.logs, "Errors", #"{Host=~"$Host"} |~ "(?i)error|fatal""#),
            ]),
        DemoDashboard(
            uid: "battery", title: "Battery", tags: ["fleet", "power"],
            panels: [
                DemoPanel(
                    .gauge, "Charge", #"robot_battery_charge_ratio{Host=~"$Host"} * 100"#,
                    unit: "percent", thresholds: [40, 20]),
                DemoPanel(
                    .timeseries, "Current", #"robot_battery_current_amperes{Host=~"$Host"}"#,
                    unit: "amp"),
                DemoPanel(
                    .timeseries, "Cell temperature",
                    #"max by (Host) (robot_battery_cell_celsius{Host=~"$Host"})"#,
                    unit: "celsius", thresholds: [45, 55]),
                DemoPanel(
                    .table, "Charge cycles",
                    #"sort_desc(robot_battery_cycles_total{Host=~"$Host"})"#,
                    thresholds: [600, 900]),
            ]),
        DemoDashboard(
            uid: "navigation", title: "Navigation", tags: ["fleet", "ros"],
            panels: [
                DemoPanel(
                    .timeseries, "Localisation error",
                    #"robot_localisation_error_meters{Host=~"$Host"}"#,
                    unit: "lengthm"),
                DemoPanel(
                    .timeseries, "Speed",
                    #"abs(robot_odometry_linear_meters_per_second{Host=~"$Host"})"#,
                    unit: "velocityms"),
                DemoPanel(
                    .stat, "Goals reached today",
                    #"increase(robot_navigation_goals_total{result="reached",Host=~"$Host"}[1d])"#),
                DemoPanel(
                    .timeseries, "Recoveries per hour",
                    #"rate(robot_navigation_recoveries_total{Host=~"$Host"}[1h]) * 3600"#),
            ]),
        DemoDashboard(
            uid: "joints", title: "Arm joints", tags: ["arm", "ros"],
            panels: [
                DemoPanel(
                    .timeseries, "Torque", #"robot_joint_torque_newton_meters{Host=~"$Host"}"#,
                    legend: "{{Host}} {{joint}}"),
                DemoPanel(
                    .timeseries, "Motor temperature",
                    #"robot_joint_temperature_celsius{Host=~"$Host"}"#,
                    legend: "{{Host}} {{joint}}", unit: "celsius", thresholds: [65, 80]),
                DemoPanel(
                    .stat, "Protective stops",
                    #"increase(robot_protective_stops_total{Host=~"$Host"}[1d])"#,
                    thresholds: [1, 5]),
            ]),
        DemoDashboard(
            uid: "network", title: "Radio and network", tags: ["fleet", "network"],
            panels: [
                DemoPanel(
                    .timeseries, "Signal", #"node_wifi_station_signal_dbm{Host=~"$Host"}"#,
                    unit: "dBm",
                    thresholds: [-65, -75]),
                DemoPanel(
                    .timeseries, "Round trip to the site's gateway",
                    #"probe_duration_seconds{Host=~"$Host"}"#,
                    unit: "s"),
                DemoPanel(
                    .timeseries, "Received",
                    #"rate(node_network_receive_bytes_total{device!="lo",Host=~"$Host"}[5m])"#,
                    legend: "{{Host}} {{device}}", unit: "Bps"),
            ]),
    ]
}
