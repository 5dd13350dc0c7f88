import RegistryHTML
import Testing

@testable import RegistryHTTP

@Suite("Pages of a list")
struct PageSliceTests {
    @Test(
        "are numbered from 1, and the last has a name",
        arguments: [
            (nil, 41, 0..<20), ("1", 41, 0..<20), ("3", 41, 40..<41), ("last", 41, 40..<41),
            ("last", 40, 20..<40), (nil, 0, 0..<0), ("last", 0, 0..<0),
        ] as [(String?, Int, Range<Int>)])
    func range(page: String?, total: Int, range: Range<Int>) {
        #expect(PageSlice(page, of: total)?.range == range)
    }

    @Test(
        "are of the size that is asked for, up to 100",
        arguments: [
            ("1", 1, 0..<1), ("50", 50, 0..<50), ("1000", 100, 0..<100), ("0", 20, 0..<20),
            ("-5", 20, 0..<20), ("x", 20, 0..<20), ("", 20, 0..<20),
        ])
    func size(text: String, size: Int, range: Range<Int>) {
        let slice = PageSlice(nil, per: text, of: 1_000)
        #expect(slice?.range == range)
        #expect(slice?.paging.size == size)
    }

    @Test("that are not there are none", arguments: ["0", "-1", "3", "x", "", "1.5", "Last"])
    func unknown(page: String) { #expect(PageSlice(page, of: 40) == nil) }
}

@Suite("Search")
struct TextFilterTests {
    @Test(
        "finds text anywhere, in any letter case",
        arguments: [
            ("BOT", true), (" bot-1 ", true), ("", true), ("é", false), ("robot-10", false),
        ])
    func matches(query: String, isFound: Bool) {
        #expect(TextFilter(query).matches(["x", "Robot-1"]) == isFound)
    }

    @Test(
        "passes over no document that may have the text",
        arguments: [
            ("bot-1", #"{"uid": "Robot-1"}"#, true), ("bot-2", #"{"uid": "Robot-1"}"#, false),
            ("bot-2", #"{"uid": "Rob\u006ft-2"}"#, true), ("k", #"{"uid": "\u{212A}"}"#, true),
            ("é", #"{"uid": "x"}"#, true), ("\"", "{}", true), ("robot-1\"}x", "Robot-1\"}", true),
        ])
    func mayBeFound(query: String, document: String, isPossible: Bool) {
        #expect(TextFilter(query).mayBeFound(in: Array(document.utf8)) == isPossible)
    }
}

@Suite("Links to a device's tools")
struct DeviceLinksTests {
    private func links(
        _ device: String, _ address: String, scheme: String = "http", model: String = "cos"
    ) -> DeviceLinks {
        DeviceLinks(
            device: device, address: address, grafanaDashboards: ["g/1"],
            foxgloveDashboards: ["l 1"], server: (scheme, "host:8000"), model: model)
    }

    @Test("encode uids in paths, and values as forms do")
    func encoding() {
        let links = links("a b/?", "10.0.0.1")
        #expect(links.bagFiles == "http://host:8000/cos-ros2bag-fileserver/a%20b%2F%3F/")
        #expect(
            links.grafanaDashboards[0].href
                == "http://host:8000/cos-grafana/d/g%2F1/?var-Host=a+b%2F%3F")
        #expect(
            links.foxgloveDashboards[0].href
                == "http://host:8000/cos-foxglove-studio/?ds=foxglove-websocket"
                + "&ds.url=ws%3A%2F%2F10.0.0.1%3A8765"
                + "&layoutUrl=host%3A8000%2Fcos-cos-registration-server%2Fapi%2Fv1%2F"
                + "applications%2Ffoxglove%2Fdashboards%2Fl%25201")
    }

    @Test("put IPv6 in brackets, and follow https to wss")
    func socket() {
        #expect(
            links("r", "2001:db8::5", scheme: "https").foxgloveStudio
                .hasSuffix("ds.url=wss%3A%2F%2F%5B2001%3Adb8%3A%3A5%5D%3A8765"))
    }

    @Test("have no hyphen without a model name")
    func noModel() {
        #expect(links("r", "::1", model: "").grafana == "http://host:8000/grafana/dashboards/")
    }
}

@Suite("What pages remember")
struct RememberedTests {
    @Test("is made anew each time where that is quick, and kept where it is not")
    func cost() {
        let quick = Remembered<Int>()
        let slow = Remembered<Int>()
        #expect([1, 2].map { number in quick.value { number } } == [1, 2])
        let numbers = [1, 2].map { number in
            slow.value {
                let start = ContinuousClock.now
                while start.duration(to: .now) < .milliseconds(20) {}
                return number
            }
        }
        #expect(numbers == [1, 1])
    }
}
