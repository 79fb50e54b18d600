import Domain
import Glibc
import Logging

/// Writes log entries as JSON lines on standard error; they never hold personal data.
struct JSONLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .notice

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var json = JSONWriter()
    let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    json.object { json in
      json.key("at")
      json.instant(SystemClock().now())
      json.key("details")
      json.array { json in for (key, value) in details { json.string("\(key)=\(value)") } }
      json.key("level")
      json.string(event.level.rawValue)
      json.key("message")
      json.string("\(event.message)")
    }
    Terminal.write(json.bytes + [0x0A], to: STDERR_FILENO)
  }
}
