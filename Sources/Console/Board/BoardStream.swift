import Casework
import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// The board's changes as server-sent events (HTML Standard, section 9.2).
///
/// `board` carries the fragment as markup, `beat` says that nothing has changed.
enum BoardStream {
  static func open(_ visit: Visit, _ boards: LiveBoards) async throws -> Response {
    let id: ID<Operation> = try visit.id(of: "operation")
    guard let updates = try await boards.updates(of: id, for: visit.caller) else {
      throw HTTPError(.serviceUnavailable)
    }
    return Response(
      status: .ok, headers: PageReply.headers(type: "text/event-stream"),
      body: ResponseBody { writer in
        var writer = writer
        try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
        var last = 0
        // A stop of the server ends the stream; the page connects again by itself.
        for await update in updates.cancelOnGracefulShutdown() {
          try await writer.write(update.number == last ? beat : event(update))
          last = update.number
        }
        try await writer.finish(nil)
      })
  }

  private static let beat = ByteBuffer(string: "event: beat\ndata: .\n\n")

  private static func event(_ update: LiveBoards.Update) -> ByteBuffer {
    var buffer = ByteBuffer(string: "event: board\nid: \(update.number)\n")
    for line in update.markup.split(separator: 0x0A, omittingEmptySubsequences: false) {
      buffer.writeString("data: ")
      buffer.writeBytes(line.filter { $0 != 0x0D })
      buffer.writeString("\n")
    }
    buffer.writeString("\n")
    return buffer
  }
}
