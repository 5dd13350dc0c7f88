/// How pages write amounts.
enum Quantity {
    /// The count and its noun: `1 device`, `12,345 devices`.
    static func count(_ number: Int, _ noun: String) -> String {
        grouped(number) + " " + (number == 1 ? noun : noun + "s")
    }

    /// Decimal digits in groups of three: `12,345`.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.utf8.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// A size in bytes, kB or MB of 1,000, with one decimal where it says something: `1.1 MB`.
    static func bytes(_ number: Int) -> String {
        if number < 1_000 { return "\(number) bytes" }
        let (unit, name) = number < 999_950 ? (1_000, "kB") : (1_000_000, "MB")
        let tenths = number / unit * 10 + (number % unit * 10 + unit / 2) / unit
        let whole = "\(grouped(tenths / 10))"
        return (tenths >= 1_000 || tenths % 10 == 0 ? whole : "\(whole).\(tenths % 10)") + " " + name
    }
}
