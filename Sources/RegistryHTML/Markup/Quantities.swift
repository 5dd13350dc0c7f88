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

    /// A size of three digits or so, in kB and MB of 1,000: `999 bytes`, `1.5 kB`, `468 kB`.
    static func bytes(_ number: Int) -> String {
        if number < 1_000 { return "\(number) bytes" }
        let (unit, name) = number < 999_500 ? (1_000, "kB") : (1_000_000, "MB")
        let whole = number / unit
        let rest = number % unit
        if whole >= 100 { return grouped(whole + rest * 2 / unit) + " " + name }
        let tenths = whole * 10 + (rest * 10 + unit / 2) / unit
        return "\(tenths / 10)" + (tenths % 10 == 0 ? "" : ".\(tenths % 10)") + " " + name
    }
}
