import ArgumentParser
import Domain
import Foundation
import Range

/// `cordon range`: nine simulated providers on this machine.
struct RangeCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "range",
    abstract: "Serves nine simulated providers on this machine, to practise and to measure against.",
    discussion: """
      Everything is invented and comes from the seed: pages, reports, what
      providers decide, what comes back. Time stands still until it is moved with
      POST /_clock; CORDON_RANGE_TOKEN in the environment holds the token of such
      control calls, which docs/range.md describes. Stops at SIGTERM or Ctrl-C;
      started again with the same --dir it takes up where it was.

      EXAMPLES
        export CORDON_RANGE_TOKEN=secret
        cordon range --dir ./range --seed spring --items 2600 --port 8090
        curl -H "Host: www.wave.example" http://127.0.0.1:8090/
        curl -H "Authorization: Bearer $CORDON_RANGE_TOKEN" \\
          -d '{"to":"2031-05-05T08:00:00Z"}' http://127.0.0.1:8090/_clock
        cordon range --dir ./live --seed spring --items 2600 --real-time \\
          --credentials tokens.json --callback http://127.0.0.1:8080
      """)

  @Option(help: ArgumentHelp("Where it keeps what it received and how far it is.", valueName: "dir"))
  var dir: String

  @Option(help: "What everything is drawn from; any text.")
  var seed: String

  @Option(help: "How many reports the operation's four days bring; a tenth of them repeat others.")
  var items: Int

  @Option(help: "The port; 0 lets the system choose one.")
  var port: Int = 0

  @Option(help: "The address to listen on; it must be of this machine alone.")
  var host: String = "127.0.0.1"

  @Option(help: ArgumentHelp("Where answers are sent, such as http://127.0.0.1:8080.", valueName: "url"))
  var callback: String?

  @Flag(help: "Time is the machine's; providers decide within seconds, and there are no control calls.")
  var realTime = false

  @Option(
    help: ArgumentHelp(
      "With --real-time: a JSON object of each provider's name and token, mode 0600.", valueName: "file"))
  var credentials: String?

  @Flag(help: ArgumentHelp("Ends when its standard input does.", visibility: .hidden))
  var untilInputEnds = false

  mutating func execute() async throws {
    if untilInputEnds { Self.endWithInput() }
    guard (0...65_535).contains(port) else { throw CommandFailure(.usage, "--port is 0 to 65535") }
    guard (1...5_000_000).contains(items) else { throw CommandFailure(.usage, "--items is 1 to 5000000") }
    guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
      throw CommandFailure(.usage, "--host must be of this machine alone, such as 127.0.0.1: the range is a simulation")
    }
    var contact = ReceiverContact(callback: callback)
    if let callback, !ReceiverContact.isUsable(callback: callback) {
      throw CommandFailure(.usage, "--callback must look like http://127.0.0.1:8080")
    }
    var token: String?
    if realTime {
      if let credentials { try readCredentials(credentials, into: &contact) }
    } else {
      guard credentials == nil else { throw CommandFailure(.usage, "--credentials goes with --real-time") }
      token = ProcessInfo.processInfo.environment["CORDON_RANGE_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
      guard token != nil else {
        throw CommandFailure(
          .configuration, "CORDON_RANGE_TOKEN is not set: put the token of control calls there, or use --real-time")
      }
    }
    let options = RangeOptions(
      directory: dir, seed: seed, items: items, host: host, port: port, isRealTime: realTime, controlToken: token,
      contact: contact)
    let shown = host.contains(":") ? "[\(host)]" : host
    let server = RangeServer(options) { port in Terminal.print("Listening on http://\(shown):\(port)") }
    do { try await server.run() } catch let fault as RangeFault {
      throw CommandFailure(fault.status, fault.description)
    }
  }

  private func readCredentials(_ path: String, into contact: inout ReceiverContact) throws {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = attributes?[.posixPermissions] as? Int, let bytes = FileManager.default.contents(atPath: path)
    else { throw CommandFailure(.noInput, "\(path) can't be read") }
    guard mode & 0o077 == 0 else {
      throw CommandFailure(.notPermitted, "\(path) holds secrets that others can read: chmod 600 \(path)")
    }
    do { try contact.read(credentials: Array(bytes)) } catch {
      throw CommandFailure(.badInput, "\(path) must be a JSON object of provider names and tokens")
    }
  }

  /// Whoever started it holds the other end: the kernel closes that with them, however they end.
  private static func endWithInput() {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) > 0 {}
      kill(getpid(), SIGTERM)
    }
  }
}

extension RangeFault {
  /// How the program ends because of it.
  fileprivate var status: ExitStatus {
    switch self {
    case .file: .inputOutput
    case .otherWorld, .damaged, .packs: .configuration
    case .cannotListen, .inUse: .unavailable
    }
  }
}
