internal import JSON

extension JSONObject {
    /// The members in an order, those that are missing taken from what is known; others come last.
    func completed(
        with known: KeyValuePairs<JSONString, JSONValue>, order: [JSONString]
    ) -> JSONObject {
        var all = self
        for (name, value) in known where all[name] == nil { all[name] = value }
        var ordered = JSONObject()
        for name in order { ordered[name] = all[name] }
        for (name, value) in all where ordered[name] == nil { ordered[name] = value }
        return ordered
    }
}
