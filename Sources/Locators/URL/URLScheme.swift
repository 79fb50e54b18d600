/// The standard's special schemes (section 3.1).
enum URLScheme {
  static let file = Array("file".utf8)

  static func isSpecial(_ scheme: [UInt8]) -> Bool { scheme == file || defaultPort(scheme) != nil }

  /// The port that the serialization leaves out, or nil for a scheme that has none.
  static func defaultPort(_ scheme: [UInt8]) -> UInt16? {
    switch scheme.count {
    case 2: scheme == webSocket ? 80 : nil
    case 3: scheme == secureWebSocket ? 443 : scheme == fileTransfer ? 21 : nil
    case 4: scheme == http ? 80 : nil
    case 5: scheme == https ? 443 : nil
    default: nil
    }
  }

  private static let http = Array("http".utf8)
  private static let https = Array("https".utf8)
  private static let webSocket = Array("ws".utf8)
  private static let secureWebSocket = Array("wss".utf8)
  private static let fileTransfer = Array("ftp".utf8)
}
