import API
import ArgumentParser
import Console
import Logging
import SQLiteEngine

/// `cordon serve`: the HTTP API of a record.
struct ServeCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serves the console and the HTTP API; its description is at /openapi.yaml.",
    discussion: """
      Listens on this machine alone unless --host says otherwise; put a proxy that speaks TLS in front of it.
      Stops at SIGTERM or Ctrl-C once what was begun is done.

      EXAMPLES
        cordon serve --data ./record --port 8080
        curl -H "Authorization: Bearer $CORDON_TOKEN" http://127.0.0.1:8080/api/v1/items
      """)

  @OptionGroup var data: DataOptions

  @Option(help: "The port; 0 lets the system choose one.")
  var port: Int = 8080

  @Option(help: "The address to listen on.")
  var host: String = "127.0.0.1"

  mutating func execute() async throws {
    guard (0...65_535).contains(port) else { throw CommandFailure(.usage, "--port is 0 to 65535") }
    let installation = try await Installation.openOrFound(data)
    let logger = Logger(label: "cordon") { _ in JSONLog() }
    let pages = ConsolePages(desk: installation.desk)
    let server = APIServer(
      desk: installation.desk, host: host, port: port, logger: logger, pages: { pages.addRoutes(to: $0) }
    ) { [host] port in Terminal.print("Listening on http://\(host):\(port)") }
    do { try await server.run() } catch let fault as APIServerFault {
      throw CommandFailure(.unavailable, fault.description)
    }
    try installation.engine.close()
  }
}
