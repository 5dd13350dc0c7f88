/// A rule file of the demonstration, with a number that people tune over time.
struct DemoRuleFile: Sendable {
    let uid: String
    let isLoki: Bool
    /// The values that its threshold has had, oldest first.
    let thresholds: [String]
    /// The YAML text; `THRESHOLD` stands for the number.
    let text: String

    var collection: String { isLoki ? "loki_alert_rules" : "prometheus_alert_rules" }
    var path: String { "\(collection)/\(uid).rules" }

    func bytes(threshold: String) -> [UInt8] {
        Array(
            text.split(separator: "THRESHOLD", omittingEmptySubsequences: false).joined(
                separator: threshold
            ).utf8)
    }

    static let all = [
        DemoRuleFile(
            uid: "device-down", isLoki: false, thresholds: ["2m", "5m"],
            text: """
                groups:
                  - name: device-down
                    rules:
                      # Longer than a robot needs to roam from one access point to the next.
                      - alert: DeviceDown
                        expr: up{job="device"} == 0
                        for: THRESHOLD
                        labels:
                          severity: critical
                        annotations:
                          summary: "{{ $labels.Host }} has not been scraped for THRESHOLD"

                """),
        DemoRuleFile(
            uid: "battery", isLoki: false, thresholds: ["0.10", "0.15", "0.18"],
            text: """
                groups:
                  - name: battery
                    rules:
                      - alert: BatteryLow
                        expr: robot_battery_charge_ratio < THRESHOLD and robot_battery_current_amperes < 0
                        for: 3m
                        labels:
                          severity: warning
                        annotations:
                          summary: "{{ $labels.Host }} is nearly empty and not charging"
                          description: "Charge is {{ $value | humanizePercentage }}."
                      - alert: BatteryHot
                        expr: max by (Host) (robot_battery_cell_celsius) > 55
                        for: 1m
                        labels:
                          severity: critical
                        annotations:
                          summary: "A battery cell of {{ $labels.Host }} is above 55 °C"

                """),
        DemoRuleFile(
            uid: "disk-space", isLoki: false, thresholds: ["10", "8"],
            text: """
                groups:
                  - name: disk-space
                    rules:
                      - record: device:disk_free:percent
                        expr: 100 * node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"}
                      - alert: DiskAlmostFull
                        expr: device:disk_free:percent < THRESHOLD
                        for: 15m
                        labels:
                          severity: warning
                        annotations:
                          summary: "{{ $labels.Host }} has {{ $value | printf \\"%.0f\\" }} % of its disk left"

                """),
        DemoRuleFile(
            uid: "joint-watch", isLoki: false, thresholds: ["80", "75"],
            text: """
                # One copy for every arm that lists it.
                groups:
                  - name: joints-%%juju_device_uuid%%
                    rules:
                      - alert: JointHot
                        expr: max by (joint) (robot_joint_temperature_celsius{Host="%%juju_device_uuid%%"}) > THRESHOLD
                        for: 2m
                        labels:
                          severity: warning
                        annotations:
                          summary: "Joint {{ $labels.joint }} of %%juju_device_uuid%% is hot"

                """),
        DemoRuleFile(
            uid: "error-burst", isLoki: true, thresholds: ["20", "50"],
            text: """
                groups:
                  - name: error-burst
                    rules:
                      - alert: ErrorBurst
                        expr: sum by (Host) (count_over_time({job="device"} |~ "(?i)error" [5m])) > THRESHOLD
                        for: 5m
                        labels:
                          severity: warning
                        annotations:
                          summary: "{{ $labels.Host }} logs more than THRESHOLD errors in five minutes"

                """),
        DemoRuleFile(
            uid: "safety-stop", isLoki: true, thresholds: ["0"],
            text: """
                groups:
                  - name: safety-stop-%%juju_device_uuid%%
                    rules:
                      - alert: SafetyStop
                        expr: count_over_time({Host="%%juju_device_uuid%%", unit="safety"} |= "protective stop" [1m]) > THRESHOLD
                        labels:
                          severity: critical
                        annotations:
                          summary: "%%juju_device_uuid%% stopped to protect somebody"

                """),
    ]
}
