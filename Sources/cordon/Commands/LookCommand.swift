import ArgumentParser
import Casework
import Domain
import Foundation
import Gateways
import Locators
import Synchronization

/// `cordon look`: what stands at addresses now, as far as one sees from here.
struct LookCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "look",
    abstract: "Looks whether addresses are live, removed, restricted or moved.",
    discussion: """
      Prints verdict, the sign that it rests on, the status and the address, in the order of the addresses. With - it
      reads one address a line from standard input. Only public addresses are connected to, on ports 80 and 443,
      within 10 s and 5 MB for each; everything else is refused without a connection.

      EXAMPLES
        cordon look https://www.example.org/page
        cordon look - --json < addresses.txt
        cordon item list --json | jq -r .locator | cordon look - --concurrency 200

      For tests on your own machine only:
        cordon look https://wave.example/v/1 --range-hosts 'wave.example,*.wave.example' --range 127.0.0.1:8081
        cordon look http://127.0.0.1:8080/ --allow-loopback
      """)

  @Argument(help: ArgumentHelp("Addresses, or - for standard input.", valueName: "url"))
  var addresses: [String]

  @Flag(help: "Prints one JSON object a line.")
  var json = false

  @Option(help: "How many looks are made at the same time, 1 to 1000.")
  var concurrency = 100

  @Option(help: ArgumentHelp("What may be connected to; public is all there is beside tests.", valueName: "name"))
  var policy = Policy.public

  @Option(help: ArgumentHelp("For tests: hosts that stand in a range.", valueName: "h1,h2"))
  var rangeHosts: String?

  @Option(help: ArgumentHelp("For tests: the loopback address and port of that range.", valueName: "ip:port"))
  var range: String?

  @Flag(help: "For tests on one's own machine: lets 127.0.0.0/8 through with any port, and nothing else.")
  var allowLoopback = false

  @OptionGroup var data: DataOptions

  enum Policy: String, ExpressibleByArgument, CaseIterable { case `public` }

  // So many targets and findings are held at once.
  private static let batch = 50_000

  func validate() throws {
    guard (1...1_000).contains(concurrency) else { throw ValidationError("--concurrency is from 1 to 1000") }
    guard (range == nil) == (rangeHosts == nil) else { throw ValidationError("--range and --range-hosts go together") }
    guard range == nil || !allowLoopback else { throw ValidationError("choose --range or --allow-loopback") }
  }

  mutating func execute() async throws {
    let packs = try Packs.load(directory: data.namedAddress?.directory)
    let prober = HTTPProber(packs: packs, policy: try lookPolicy(), concurrency: concurrency)
    let lines = addresses == ["-"] ? Self.readLines() : addresses
    for start in stride(from: 0, to: lines.count, by: Self.batch) {
      await look(at: Array(lines[start...].prefix(Self.batch)), prober)
    }
    if !lines.isEmpty, !lines.contains(where: { (try? WebURL($0)) != nil }) {
      throw CommandFailure(.badInput, "none of it is an address")
    }
  }

  private func lookPolicy() throws -> LookPolicy {
    if allowLoopback { return .loopback }
    guard let range, let rangeHosts else { return .publicWeb }
    let parts = range.split(separator: ":")
    guard parts.count == 2, let address = IPAddress(String(parts[0])), address.isLoopback, let port = Int(parts[1]),
      (1...65_535).contains(port)
    else { throw CommandFailure(.usage, "--range is a loopback address and a port, such as 127.0.0.1:8081") }
    return .range(hosts: Set(rangeHosts.split(separator: ",").map(String.init)), address: address, port: port)
  }

  /// Looks, and prints in order as findings come.
  private func look(at lines: [String], _ prober: HTTPProber) async {
    let shelf = FindingShelf(count: lines.count)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [json] in
        var progress = ProgressLine("looked at", total: Int64(lines.count))
        while !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(100))
          shelf.printReady(lines, asJSON: json)
          progress.show(done: Int64(shelf.made), count: Int64(shelf.made))
        }
        progress.clear()
      }
      await prober.look(at: lines) { [json] index, finding in
        // A line of text says less than a finding: what it does not say need not be kept until its turn.
        shelf.put(
          index,
          json ? finding : LookFinding(verdict: finding.verdict, basis: finding.basis, status: finding.status))
      }
      group.cancelAll()
    }
    shelf.printReady(lines, asJSON: json)
  }

  /// The lines of standard input, without white space around them; empty ones are left out.
  private static func readLines() -> [String] {
    var lines: [String] = []
    var carry: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(STDIN_FILENO, &buffer, buffer.count), count > 0 {
      var rest = buffer[..<count]
      while let end = rest.firstIndex(of: 0x0A) {
        take(carry + rest[..<end], into: &lines)
        carry.removeAll(keepingCapacity: true)
        rest = rest[(end + 1)...]
      }
      carry += rest
    }
    take(carry, into: &lines)
    return lines
  }

  private static func take(_ bytes: [UInt8], into lines: inout [String]) {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    var line = bytes.drop(while: isSpace)
    while let last = line.last, isSpace(last) { line.removeLast() }
    if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
  }
}

/// Findings in the order of their targets, however they come.
private final class FindingShelf: Sendable {
  private struct State {
    var findings: [LookFinding?]
    var made = 0
    var printed = 0
  }

  private let state: Mutex<State>

  init(count: Int) { state = Mutex(State(findings: Array(repeating: nil, count: count))) }

  var made: Int { state.withLock { $0.made } }

  func put(_ index: Int, _ finding: LookFinding) {
    state.withLock { state in
      state.findings[index] = finding
      state.made += 1
    }
  }

  /// Prints those whose turn has come, and forgets them.
  func printReady(_ addresses: [String], asJSON: Bool) {
    while case let (start, ready) = takeReady(), !ready.isEmpty {
      var json = JSONWriter(reserving: asJSON ? ready.count * 256 : 0)
      var text: [UInt8] = []
      for (address, finding) in zip(addresses[start...], ready) {
        if asJSON {
          finding.write(of: address, to: &json)
          json.endLine()
        } else {
          finding.write(lineOf: address, to: &text)
        }
      }
      Terminal.write(asJSON ? json.bytes : text, to: STDOUT_FILENO)
    }
  }

  // A few at a time: what is being printed is there twice.
  private func takeReady() -> (start: Int, ready: [LookFinding]) {
    state.withLock { state in
      let start = state.printed
      var ready: [LookFinding] = []
      while ready.count < 512, state.printed < state.findings.count, let finding = state.findings[state.printed] {
        ready.append(finding)
        state.findings[state.printed] = nil
        state.printed += 1
      }
      return (start, ready)
    }
  }
}

extension LookFinding {
  fileprivate func write(lineOf address: String, to text: inout [UInt8]) {
    text.append(verdict.rawValue, paddedTo: 11)
    text.append(basis.rawValue, paddedTo: 14)
    text.append(status.map(String.init) ?? "-", paddedTo: 3)
    let isPlain = address.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    text.append(contentsOf: (isPlain ? address : Terminal.shown(address)).utf8)
    text.append(0x0A)
  }

  fileprivate func write(of address: String, to json: inout JSONWriter) {
    json.object { json in
      json.key("address")
      json.string(address)
      json.key("basis")
      json.string(basis.rawValue)
      if let location {
        json.key("location")
        json.string(location)
      }
      json.key("page_bytes")
      json.integer(Int64(pageBytes))
      if let pageDigest {
        json.key("page_sha256")
        json.hex(pageDigest)
      }
      json.key("status")
      if let status { json.integer(Int64(status)) } else { json.null() }
      if let title {
        json.key("title")
        json.string(title)
      }
      json.key("verdict")
      json.string(verdict.rawValue)
    }
  }
}

extension [UInt8] {
  /// The word, as many spaces as it is too short by, and two more.
  fileprivate mutating func append(_ word: String, paddedTo width: Int) {
    append(contentsOf: word.utf8)
    append(contentsOf: repeatElement(0x20, count: Swift.max(0, width - word.utf8.count) + 2))
  }
}
