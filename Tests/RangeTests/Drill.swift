import Crypto
import Domain
import Foundation
import NIOCore
import Range
import Wire

/// A range in a directory of its own, spoken to without a socket.
final class Drill {
  static let secret: [UInt8] = Array(repeating: 7, count: 32)

  let directory: String
  private(set) var engine: RangeEngine
  private var deliveries: UInt64 = 0

  init(items: Int = 1_000, seed: String = "drill") throws {
    directory = NSTemporaryDirectory() + "cordon-range-" + UUID().uuidString
    engine = try Self.open(directory, items: items, seed: seed)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  static func open(_ directory: String, items: Int = 1_000, seed: String = "drill") throws -> RangeEngine {
    try RangeEngine(
      RangeOptions(
        directory: directory, seed: seed, items: items, controlToken: "token",
        contact: ReceiverContact(
          credentials: Dictionary(uniqueKeysWithValues: RangeProvider.allCases.map { ($0.name, "t-\($0.name)") }),
          webhookSecret: secret)))
  }

  /// Starts again with what stands in the directory.
  func restart() throws {
    engine.release()
    engine = try Self.open(directory)
  }

  /// Moves the clock to so many hours after the beginning of the four days; gives the reply's text.
  @discardableResult
  func move(toHour hour: Double) async throws -> String {
    let to = RangeCalendar.start.adding(seconds: Int64(hour * 3_600))
    guard case .sent(_, _, _, let body) = try await engine.moveClock(Array("{\"to\":\"\(to)\"}".utf8)) else {
      return ""
    }
    return String(decoding: body, as: UTF8.self)
  }

  /// Addresses of a provider's items, in the order of the items.
  func addresses(_ provider: RangeProvider) -> [String] {
    (0..<engine.world.itemCount).filter { engine.world.provider($0) == provider }.map { engine.world.address($0) }
  }

  func message(_ address: String, _ kind: ReferralMessage.Kind = .referral, key: String? = nil) -> ReferralMessage {
    ReferralMessage(
      idempotencyKey: key ?? "key of \(address)", kind: kind, locator: address, categories: [.incite], reason: nil,
      originator: "IRU North")
  }

  /// Sends one delivery as a unit would.
  func send(_ messages: [ReferralMessage], to provider: RangeProvider, headers: [String: String]? = nil) throws
    -> Response
  {
    deliveries += 1
    let delivery = ReferralDelivery(
      delivery: Identifier(high: 1, low: deliveries), sender: "IRU North", sentAt: RangeCalendar.start,
      messages: messages)
    return try engine.deliver(
      ProviderRequest(provider: provider, body: delivery.json, headers: headers ?? [:]))
  }

  /// The results of a delivery that was answered.
  func results(_ response: Response) throws -> [DeliveryReply.Result] {
    guard case .sent(let status, _, _, let body) = response, status == 200 || status == 202 else { return [] }
    return try DeliveryReply(parsing: body).results
  }

  func status(_ response: Response) -> Int? {
    guard case .sent(let status, _, _, _) = response else { return nil }
    return status
  }

  /// The whole reply to a look, head and body.
  func look(_ address: String) -> String {
    let rest = address.drop { $0 != ":" }.dropFirst(3)
    let host = String(rest.prefix { $0 != "/" })
    var buffer = ByteBuffer()
    engine.page(
      host: host, path: String(rest.dropFirst(host.count)), PageWriter(isKeptAlive: true, hasBody: true), into: &buffer)
    return String(buffer: buffer)
  }

  func lookStatus(_ address: String) -> Int { Int(look(address).split(separator: " ")[1]) ?? 0 }

  /// All that a provider has to say, acknowledged as it comes.
  func takeAnswers(_ provider: RangeProvider) throws -> [AnswerMessage.Answer] {
    var answers: [AnswerMessage.Answer] = []
    while let letter = engine.nextLetter(of: provider) {
      if let message = try? AnswerMessage(parsing: letter.body, mostAnswers: 500) { answers += message.answers }
      try engine.acknowledge(letter, of: provider)
    }
    return answers
  }

  /// `range.jsonl` as objects.
  func lines() throws -> [JSONObject] {
    let text = try String(contentsOfFile: directory + "/range.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONObject(parsing: Array($0.utf8)) }
  }
}
