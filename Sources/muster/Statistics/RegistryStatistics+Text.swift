import JSON

extension RegistryStatistics {
    /// A few lines for people.
    var text: String {
        let days = historySeconds / 86_400
        let pace = commitsPerDay.map { " in \(days) days, \(Self.decimal($0)) a day" } ?? ""
        var lines = ["\(branch): \(Self.grouped(commits)) commits\(pace)"]
        lines.append("documents: \(Self.grouped(documents))")
        lines += collections.map { "  \($0.collection): \(Self.grouped($0.documents))" }
        lines.append("on disk: \(Self.size(objects.bytes + workingTreeBytes))")
        lines.append("  packs: \(Self.size(objects.packBytes)) (\(objects.packs))")
        lines.append(
            "  loose objects: \(Self.size(objects.looseBytes)) (\(Self.grouped(objects.loose)))")
        lines.append("  working tree: \(Self.size(workingTreeBytes))")
        lines.append(
            bytesPerDay.map { "growth: \(Self.size(Int($0))) of git's objects a day" }
                ?? "growth: not known yet, the history is shorter than a day")
        if !largest.isEmpty { lines.append("largest:") }
        lines += largest.map { "  \(Self.size($0.bytes)) \($0.path)" }
        return lines.joined(separator: "\n")
    }

    /// The same for scripts; `null` stands for what is not known yet.
    var json: JSONValue {
        var documents = JSONObject()
        for count in collections {
            documents[JSONString(count.collection)] = .number(JSONNumber(count.documents))
        }
        var disk = JSONObject()
        disk["packs"] = .number(JSONNumber(objects.packs))
        disk["pack_bytes"] = .number(JSONNumber(objects.packBytes))
        disk["loose_objects"] = .number(JSONNumber(objects.loose))
        disk["loose_bytes"] = .number(JSONNumber(objects.looseBytes))
        disk["working_tree_bytes"] = .number(JSONNumber(workingTreeBytes))
        var object = JSONObject()
        object["branch"] = .text(branch)
        object["commits"] = .number(JSONNumber(commits))
        object["history_seconds"] = .number(JSONNumber(historySeconds))
        object["documents"] = .object(documents)
        object["disk"] = .object(disk)
        object["commits_per_day"] =
            commitsPerDay.map { .number(JSONNumber(Int($0.rounded()))) } ?? .null
        object["bytes_per_day"] =
            bytesPerDay.map { .number(JSONNumber(Int($0.rounded()))) } ?? .null
        object["largest"] = .array(
            largest.map { file in
                var item = JSONObject()
                item["path"] = .text(file.path)
                item["bytes"] = .number(JSONNumber(file.bytes))
                return .object(item)
            })
        return .object(object)
    }

    /// `1,234,567`
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.reduce(into: "") { text, place in
            if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
            text.append(digits[place])
        }
    }

    /// `12 B`, `3.4 KB`, `56.0 MB`: units of 1,024.
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var (value, units) = (Double(bytes) / 1024, ["KB", "MB", "GB", "TB"][...])
        while value >= 1024, units.count > 1 {
            value /= 1024
            units = units.dropFirst()
        }
        return "\(decimal(value)) \(units.first ?? "")"
    }

    /// With one digit after the point.
    private static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(grouped(tenths / 10)).\(tenths % 10)"
    }
}
