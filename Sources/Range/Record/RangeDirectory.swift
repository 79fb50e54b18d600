import Domain
import Foundation

/// The files of one range: `range.json` says which it is, `range.jsonl` holds what came, `progress.jsonl` how far it is.
struct RangeDirectory: Sendable {
  let messages: LineFile
  let progress: LineFile

  /// Opens the directory, or makes it; throws where it belongs to another range.
  init(path: String, seed: String, items: Int, isVirtual: Bool) throws(RangeFault) {
    let about = path + "/range.json"
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .file(path, EACCES)
    }
    var json = JSONWriter()
    json.object { json in
      json.key("items")
      json.integer(Int64(items))
      json.key("real_time")
      json.boolean(!isVirtual)
      json.key("seed")
      json.string(seed)
    }
    json.endLine()
    let wanted = json.finish()
    if let bytes = FileManager.default.contents(atPath: about), !bytes.isEmpty {
      guard Array(bytes) == wanted else {
        let found = try? JSONObject(parsing: Array(bytes))
        throw .otherWorld(
          path, seed: (try? found?.text("seed")) ?? "?", items: Int((try? found?.integer("items")) ?? 0))
      }
    } else {
      try LineFile(path: about).append(wanted)
    }
    messages = try LineFile(path: path + "/range.jsonl", isOwn: true)
    progress = try LineFile(path: path + "/progress.jsonl")
  }

  func writeClock(_ second: Int32) throws(RangeFault) {
    var json = JSONWriter()
    json.object { json in
      json.key("clock")
      json.instant(RangeCalendar.instant(second))
    }
    json.endLine()
    try progress.append(json.finish())
  }

  /// - Parameter count: of all answers of the provider so far.
  func writeAcknowledged(_ provider: RangeProvider, count: Int) throws(RangeFault) {
    var json = JSONWriter()
    json.object { json in
      json.key("acknowledged")
      json.integer(Int64(count))
      json.key("provider")
      json.string(provider.name)
    }
    json.endLine()
    try progress.append(json.finish())
  }

  /// The last clock, and how many answers of each provider were acknowledged.
  func readProgress() throws(RangeFault) -> (clock: Int32?, acknowledged: [RangeProvider: Int]) {
    var clock: Int32?
    var acknowledged: [RangeProvider: Int] = [:]
    var number = 0
    try progress.forEachLine { line throws(RangeFault) in
      number += 1
      guard let json = try? JSONObject(parsing: line) else { throw .damaged(progress.path, line: number) }
      if let instant = try? json.instant("clock") {
        clock = RangeCalendar.second(instant)
      } else if let name = try? json.text("provider"), let provider = RangeProvider(name: name),
        let count = try? json.integer("acknowledged")
      {
        acknowledged[provider] = Int(count)
      } else {
        throw .damaged(progress.path, line: number)
      }
    }
    return (clock, acknowledged)
  }

  /// Plays back what came; the state is then as it was when the last line was written.
  func fold(into state: inout RangeState) throws(RangeFault) {
    var number = 0
    var lastRequest = 0
    try messages.forEachLine { line throws(RangeFault) in
      number += 1
      guard let message = MessageLine(line) else { throw .damaged(messages.path, line: number) }
      state.advance(to: message.at)
      if message.request != lastRequest {
        lastRequest = message.request
        state.counters.restore(
          number: message.request, at: message.at, provider: message.provider, firstKey: message.key,
          wasAdmitted: message.answer != "429")
      }
      guard message.effect != nil else { return }
      let taken = state.take(message.kind, key: message.key, locator: message.locator, at: message.provider)
      guard taken.effect == message.effect else { throw .damaged(messages.path, line: number) }
    }
  }
}
