/// Percent escapes in their one form: upper-case digits, nothing escaped without need (RFC 3986, 6.2.2).
///
/// A `%` that begins no escape becomes `%25`; else decoding what follows it could make an escape of it.
enum PercentForm {
  /// Rewrites what follows the host; nil when it has that form already, which is found in one pass.
  static func normalize(_ url: WebURL) -> WebURL? {
    let start = Int(url.offsets.pathStart)
    let isAsIs = url.href.withUnsafeBufferPointer { (bytes: UnsafeBufferPointer<UInt8>) -> Bool in
      isNormal(bytes, from: start)
    }
    guard !isAsIs else { return nil }
    var offsets = url.offsets
    var output: [UInt8] = []
    output.reserveCapacity(url.href.count + 16)
    url.href.withUnsafeBufferPointer { (bytes: UnsafeBufferPointer<UInt8>) in
      output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[..<start]))
      var index = start
      while index < bytes.count {
        if index == Int(url.offsets.queryStart) { offsets.queryStart = UInt32(output.count) }
        if index == Int(url.offsets.fragmentStart) { offsets.fragmentStart = UInt32(output.count) }
        let byte = bytes[index]
        guard byte == UInt8(ascii: "%") else {
          output.append(byte)
          index += 1
          continue
        }
        if let value = escape(bytes, index) {
          if isUnreserved(value) {
            output.append(value)
          } else {
            output.append(byte)
            output.append(upper(bytes[index + 1]))
            output.append(upper(bytes[index + 2]))
          }
          index += 3
        } else {
          output.append(contentsOf: [0x25, 0x32, 0x35])
          index += 1
        }
      }
    }
    return WebURL(href: output, offsets: offsets)
  }

  private static func isNormal(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
    var index = start
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%") {
        guard let value = escape(bytes, index), !isUnreserved(value),
          upper(bytes[index + 1]) == bytes[index + 1],
          upper(bytes[index + 2]) == bytes[index + 2]
        else { return false }
        index += 3
      } else {
        index += 1
      }
    }
    return true
  }

  private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt8? {
    guard bytes.count - index > 2, let high = ASCII.hexValue(bytes[index + 1]),
      let low = ASCII.hexValue(bytes[index + 2])
    else { return nil }
    return high << 4 | low
  }

  private static func upper(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? byte & 0xDF : byte }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    ASCII.isAlphanumeric(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
  }
}
