import NIOCore

/// Writes pages: the same address and the same state give the same bytes.
package struct PageWriter {
  let isKeptAlive: Bool
  /// Of a HEAD request only the head is sent.
  let hasBody: Bool

  package init(isKeptAlive: Bool, hasBody: Bool) {
    self.isKeptAlive = isKeptAlive
    self.hasBody = hasBody
  }

  /// An item that is up.
  func item(_ item: WorldItem, isReplaced: Bool, into buffer: inout ByteBuffer) {
    let number = isReplaced ? item.title ^ 0x5A5A_5A5A : item.title
    let title = Wording.title(number)
    let outlet = InventedOutlet.all[Int(item.outlet)]
    let head = """
      <!doctype html>
      <html lang="\(outlet.language)">
      <head><meta charset="utf-8"><title>\(title)</title></head>
      <body>
      <h1>\(title)</h1>
      <p class="by">\(outlet.name)</p>

      """
    let all = Wording.paragraphs
    let (first, count) = (Int(number >> 8) % all.count, 3 + Int(number >> 16) % 6)
    var length = head.utf8.count + Self.end.utf8CodeUnitCount
    for step in 0..<count { length += all[(first + step) % all.count].count }
    buffer.reserveCapacity(minimumWritableBytes: length + 160)
    buffer.writeHead(status: 200, type: .html, length: length, isKeptAlive: isKeptAlive)
    guard hasBody else { return }
    buffer.writeString(head)
    for step in 0..<count { buffer.writeBytes(all[(first + step) % all.count]) }
    buffer.writeStaticString(Self.end)
  }

  /// A short page, with a status and perhaps a way on.
  func plain(status: Int, location: String? = nil, title: String, sentence: String, into buffer: inout ByteBuffer) {
    let text = """
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><title>\(title)</title></head>
      <body>
      <h1>\(title)</h1>
      <p>\(sentence)</p>

      """
    buffer.writeHead(
      status: status, type: .html, location: location, length: text.utf8.count + Self.end.utf8CodeUnitCount,
      isKeptAlive: isKeptAlive)
    guard hasBody else { return }
    buffer.writeString(text)
    buffer.writeStaticString(Self.end)
  }

  private static let end: StaticString = "</body>\n</html>\n"
}
