public import Domain

/// The range's control plane: its clock, and what a person could see of it.
///
/// What the range means to do is not told here either; it is sealed from the analysis.
public struct RangeControl: Sendable {
  private let courier: any Courier
  private let address: String
  private let token: String

  /// - Parameters:
  ///   - courier: one that may reach the range, and nothing else.
  ///   - address: `http://127.0.0.1:PORT`.
  public init(courier: any Courier, address: String, token: String) {
    self.courier = courier
    self.address = address
    self.token = token
  }

  /// Something that an expert found.
  struct Report: Sendable, Hashable {
    let address: String
    let unit: String
    let title: String
  }

  /// Something that came back elsewhere.
  struct Return: Sendable, Hashable {
    let address: String
    let unit: String
    let relation: String
    let original: String
  }

  /// What could be seen of an outlet on a day.
  struct Posting: Sendable, Hashable {
    let outlet: String
    let posts: Int64
    let accounts: Int64
    let reach: Int64
  }

  /// Says where answers go and what proves who sends them; returns where the range's clock stands.
  func configure(
    callback: String, credentials: [(pack: String, token: String)], webhookSecret: [UInt8]
  ) async throws -> Instant {
    let members = credentials.map { "\"\($0.pack)\":\"\($0.token)\"" }.joined(separator: ",")
    let reply = try await post(
      "/_configure",
      "{\"callback\":\"\(callback)\",\"credentials\":{\(members)},\"webhook_secret\":\"\(Hex.encode(webhookSecret))\"}")
    return try JSONObject(parsing: reply).instant("now")
  }

  /// Moves the range's clock; returns once everything that was due there is done and told.
  func move(to instant: Instant) async throws -> Instant? {
    let reply = try JSONObject(parsing: try await post("/_clock", "{\"to\":\"\(instant)\"}"))
    // An answer that nobody took would be missing from everything that follows.
    let kept = try reply.integer("unacknowledged")
    guard kept == 0 else { throw ExerciseFault.range("\(kept) of its answers were not taken") }
    return try reply.optionalText("next_due").flatMap { Instant(rfc3339: $0) }
  }

  func reports(from: Instant, to: Instant) async throws -> [Report] {
    try await lines("/_reports", from: from, to: to).map {
      Report(address: try $0.text("address"), unit: try $0.text("unit"), title: try $0.text("title"))
    }
  }

  func returns(from: Instant, to: Instant) async throws -> [Return] {
    try await lines("/_returns", from: from, to: to).map {
      Return(
        address: try $0.text("address"), unit: try $0.text("unit"), relation: try $0.text("relation"),
        original: try $0.text("of"))
    }
  }

  func postings(on day: Instant) async throws -> [Posting] {
    let reply = try await post("/_postings?day=\(day.description.prefix(10))", "")
    guard case .array(let outlets)? = try JSONObject(parsing: reply)["outlets"] else { throw ExerciseFault.nonsense }
    return try outlets.map { value in
      guard case .object(let outlet) = value else { throw ExerciseFault.nonsense }
      return Posting(
        outlet: try outlet.text("name"), posts: try outlet.integer("posts"), accounts: try outlet.integer("accounts"),
        reach: try outlet.integer("reach"))
    }
  }

  private func lines(_ path: String, from: Instant, to: Instant) async throws -> [JSONObject] {
    let reply = try await post("\(path)?from=\(from)&to=\(to)", "")
    return try reply.split(separator: 0x0A).map { try JSONObject(parsing: Array($0)) }
  }

  private func post(_ path: String, _ body: String) async throws -> [UInt8] {
    let parcel = Parcel(
      url: address + path, id: Identifier(high: 0, low: 0), sentAt: Timeline.start, body: Array(body.utf8),
      authentication: .bearer(token))
    switch await courier.post(parcel) {
    case .answered(200, let reply, _): return reply
    case .answered(let status, let reply, _):
      throw ExerciseFault.range("\(path) replied \(status): \(String(decoding: reply.prefix(300), as: UTF8.self))")
    case .failed(let basis): throw ExerciseFault.range("\(path) can't be reached (\(basis.rawValue))")
    }
  }
}

/// Why an exercise stopped; run again with the same directory it goes on.
public enum ExerciseFault: Error, Sendable, Hashable, CustomStringConvertible {
  case range(String)
  case nonsense
  /// Somebody asked it to stop.
  case stopped
  /// The directory is another exercise's.
  case other(items: Int64, seed: String)
  /// A use case refused what the script wanted.
  case refused(String)

  public var description: String {
    switch self {
    case .range(let what): "the range is not there as it should be: \(what); run the same command again to go on"
    case .nonsense: "the range's control plane replied with something that can't be read"
    case .stopped: "the exercise was stopped on its way: run the same command again to go on"
    case .other(let items, let seed):
      "this directory holds an exercise of \(items) items and seed \(seed): use those, or another directory"
    case .refused(let why): "the exercise's script was refused: \(why)"
    }
  }
}
