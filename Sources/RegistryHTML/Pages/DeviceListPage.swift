/// The list of devices: `/devices/`.
public struct DeviceListPage: Sendable {
    /// The devices of this page, in order.
    public var devices: [DeviceRow]
    /// How many devices the filter lets through.
    public var total: Int
    /// How many devices there are.
    public var registered: Int
    /// The text searched for (`q`), empty for all.
    public var query: String
    public var order: DeviceOrder
    public var paging: Paging

    public init(
        devices: [DeviceRow], total: Int, registered: Int, query: String = "",
        order: DeviceOrder = .standard, paging: Paging = Paging()
    ) {
        self.devices = devices
        self.total = total
        self.registered = registered
        self.query = query
        self.order = order
        self.paging = paging
    }
}

/// One line of the device list.
public struct DeviceRow: Hashable, Sendable {
    public var uid: String
    public var address: String
    public var created: Moment?
    /// Nil when the device was never heard of.
    public var lastContact: Moment?
    public var dashboardCount: Int

    public init(
        uid: String, address: String, created: Moment?, lastContact: Moment? = nil,
        dashboardCount: Int = 0
    ) {
        self.uid = uid
        self.address = address
        self.created = created
        self.lastContact = lastContact
        self.dashboardCount = dashboardCount
    }
}

/// How the device list is sorted: `?sort=uid`, or `?sort=-uid` downwards.
public struct DeviceOrder: Hashable, Sendable {
    public enum Column: String, CaseIterable, Sendable {
        case uid, address, created, contact
    }

    public var column: Column
    public var descending: Bool

    /// Oldest first.
    public static let standard = DeviceOrder(column: .created, descending: false)

    public init(column: Column, descending: Bool) {
        self.column = column
        self.descending = descending
    }

    /// Reads the value of `sort`; nil when it names no column.
    public init?(_ text: String) {
        let descending = text.utf8.first == UInt8(ascii: "-")
        guard let column = Column(rawValue: String(text.dropFirst(descending ? 1 : 0))) else {
            return nil
        }
        self.init(column: column, descending: descending)
    }

    /// The value of `sort` that names this order.
    public var text: String { (descending ? "-" : "") + column.rawValue }
}
