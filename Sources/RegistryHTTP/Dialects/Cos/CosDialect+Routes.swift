import Registry

extension CosDialect {
    /// Everything below `/api/v1/`, and what answers it.
    static let routes: [CosRoute] = [
        CosRoute("health/", get: health),

        CosRoute("devices/", get: listDevices, post: createDevice),
        CosRoute(
            "devices/<uid>/",
            get: readDevice, put: replaceDevice, patch: changeDevice, delete: removeDevice),
        CosRoute(
            "device/<uid>/",
            get: readDevice, put: replaceDevice, patch: changeDevice, delete: removeDevice),
        CosRoute(
            "devices/<uid>/certificate/",
            get: readCertificate, post: requestCertificate, patch: changeCertificate),

        CosRoute(
            "applications/grafana/dashboards/", of: .grafanaDashboard,
            get: listDashboards, post: createDashboard),
        CosRoute(
            "applications/grafana/dashboards/<uid>/", of: .grafanaDashboard,
            get: downloadDashboard, put: replaceDashboard, patch: changeDashboard,
            delete: removeDashboard),
        CosRoute(
            "applications/foxglove/dashboards/", of: .foxgloveDashboard,
            get: listDashboards, post: createDashboard),
        CosRoute(
            "applications/foxglove/dashboards/<uid>/", of: .foxgloveDashboard,
            get: downloadDashboard, put: replaceDashboard, patch: changeDashboard,
            delete: removeDashboard),

        CosRoute(
            "applications/prometheus/alert_rules/", of: .prometheusAlertRuleFile,
            get: listRuleFiles, post: createRuleFile),
        CosRoute(
            "applications/prometheus/alert_rules/<uid>/", of: .prometheusAlertRuleFile,
            get: readRuleFile, put: replaceRuleFile, patch: changeRuleFile,
            delete: removeRuleFile),
        CosRoute(
            "applications/loki/alert_rules/", of: .lokiAlertRuleFile,
            get: listRuleFiles, post: createRuleFile),
        CosRoute(
            "applications/loki/alert_rules/<uid>/", of: .lokiAlertRuleFile,
            get: readRuleFile, put: replaceRuleFile, patch: changeRuleFile,
            delete: removeRuleFile),

        CosRoute("schema/", get: schema),
        CosRoute("docs/", get: docs),
    ]
}
