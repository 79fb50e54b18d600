/// Addresses by which people have got round the filters of others.
enum HostileAddresses {
  private static let inside: [[UInt8]] = [
    [127, 0, 0, 1], [127, 1, 2, 3], [10, 0, 0, 1], [172, 16, 0, 1], [172, 31, 255, 254], [192, 168, 1, 1],
    [169, 254, 169, 254], [100, 64, 0, 1], [0, 0, 0, 0], [224, 0, 0, 1], [255, 255, 255, 255], [198, 18, 0, 1],
  ]

  private static let names = [
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost.", "printer.local", "router.lan",
    "db.internal",
    "metadata.google.internal", "intranet", "wpad", "host.localdomain", "nas.home.arpa", "home.arpa", "x.corp",
    "%6c%6f%63%61%6c%68%6f%73%74", "ｌｏｃａｌｈｏｓｔ", "loc\u{AD}alhost", "ⓛocalhost", "a..localhost", "site.onion",
  ]

  /// `port` is one on which somebody listens, so that a connection would be noticed.
  static func all(port: Int) -> [String] {
    let hosts = inside.flatMap(forms) + names
    var all: [String] = []
    for host in hosts {
      all.append("http://\(host):\(port)/")
      all.append("http://\(host)/")
    }
    for host in ["127.0.0.1", "[::1]", "localhost", "0"] {
      for scheme in ["https", "ftp", "ws", "wss", "gopher", "dict", "file", "ldap", "tftp", "jar:http"] {
        all.append("\(scheme)://\(host):\(port)/")
      }
      all += [
        "http://good.example@\(host):\(port)/", "http://good.example:80@\(host):\(port)/",
        "http://\(host):\(port)\\@good.example/", "http:\\\\\(host):\(port)\\", "http:/\(host):\(port)/x",
        "\thttp://\(host):\(port)/x y", "http://\(host):0\(port)/zero", "http://\(host):\(port)#@good.example/",
        "http://\(host):\(port)?@good.example/",
      ]
    }
    // A public host, but not the web that anybody sees: another port, or somebody's password.
    for port in [22, 25, 81, 6379, 8080, 9200, 11211] { all.append("http://good.example:\(port)/") }
    all += [
      "https://user@good.example/", "https://user:word@good.example/", "https://:word@good.example/",
      "https://good.example:80/", "http://good.example:443/", "file:///etc/passwd", "javascript:alert(1)",
      "data:text/html,x", "about:blank", "blob:http://good.example/1", "", "http://", "//good.example/", "good.example",
      "http://[::1", "http://1.2.3.4.5/", "http://256.256.256.256/", "http://0x100000000/",
    ]
    return all
  }

  /// One IPv4 address in the notations that some parser somewhere reads.
  private static func forms(_ bytes: [UInt8]) -> [String] {
    let number = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let dotted = bytes.map(String.init).joined(separator: ".")
    let hex = bytes.map { "0x" + String($0, radix: 16) }.joined(separator: ".")
    let octal = bytes.map { "0" + String($0, radix: 8) }.joined(separator: ".")
    let high = String(number >> 16, radix: 16)
    let low = String(number & 0xFFFF, radix: 16)
    return [
      dotted, dotted + ".", hex, octal, String(number), "0x" + String(number, radix: 16),
      "0" + String(number, radix: 8), "\(bytes[0]).\(number & 0xFF_FFFF)",
      "\(bytes[0]).\(bytes[1]).\(number & 0xFFFF)", "0x0\(String(bytes[0], radix: 16)).\(number & 0xFF_FFFF)",
      dotted.replacing(".", with: "%2e"), dotted.replacing(".", with: "。"), fullWidth(dotted),
      "[::ffff:\(dotted)]", "[::ffff:\(high):\(low)]", "[0:0:0:0:0:ffff:\(high):\(low)]", "[::\(dotted)]",
      "[64:ff9b::\(dotted)]", "[64:ff9b:1::\(dotted)]", "[2002:\(high):\(low)::1]", "[2001::\(high):\(low)]",
      "[fe80::5efe:\(dotted)]", "[fd00::\(high):\(low)]", "[ff02::\(high):\(low)]",
    ]
  }

  private static func fullWidth(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
  }
}

extension String {
  fileprivate func replacing(_ character: Character, with other: String) -> String {
    split(separator: character, omittingEmptySubsequences: false).joined(separator: other)
  }
}
