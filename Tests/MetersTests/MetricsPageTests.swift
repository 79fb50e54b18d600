import Foundation
import Meters
import Testing

@Suite("Metrics") struct MetricsPageTests {
  private static let metrics = ServeMetrics(batchBounds: [1, 2], commitBounds: [0.5])

  /// The rows of the page's table: name, type, unit, labels, meaning.
  private static let rows: [[String]] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/metrics.md")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { $0.hasPrefix("| `process_") || $0.hasPrefix("| `cordon_") }.map {
      line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }.filter { $0.count == 5 }
  }()

  @Test("docs/metrics.md describes exactly what is counted: names, types, units, labels")
  func page() {
    let families = Self.metrics.families
    #expect(Self.rows.map { $0[0] } == families.map { "`\($0.name)`" })
    for (row, family) in zip(Self.rows, families) {
      #expect(row[1] == family.kind.rawValue, "\(family.name)")
      #expect(row[3] == family.labels.map { "`\($0)`" }.joined(separator: ", "), "\(family.name)")
      #expect(!row[2].isEmpty && !row[4].isEmpty && !family.help.isEmpty, "\(family.name)")
    }
  }

  @Test("a name says its unit and its kind as Prometheus asks: seconds, bytes, total")
  func names() {
    for (row, family) in zip(Self.rows, Self.metrics.families) {
      #expect((family.kind == .counter) == family.name.hasSuffix("_total"), "\(family.name)")
      if ["seconds", "bytes"].contains(row[2]) { #expect(family.name.contains("_\(row[2])"), "\(family.name)") }
    }
  }

  @Test("no label could hold an address, a name or an identifier")
  func labels() {
    let allowed: Set = ["route", "method", "status", "role", "result", "verdict"]
    for family in Self.metrics.families { #expect(allowed.isSuperset(of: family.labels), "\(family.name)") }
  }

  @Test("the text has help, type and samples; histograms count upwards to +Inf; labels are escaped")
  func text() {
    let requests = MetricFamily("a_total", .counter, "What\nis \\ counted", labels: ["route"])
    requests.add(1, "/x\"\\\n")
    requests.add(2, "/x\"\\\n")
    var text = ""
    requests.write(to: &text)
    #expect(
      text == "# HELP a_total What\\nis \\\\ counted\n# TYPE a_total counter\na_total{route=\"/x\\\"\\\\\\n\"} 3\n")
    let seconds = MetricFamily("b_seconds", .histogram, "Time.", bounds: [0.5, 1])
    for value in [0.25, 0.5, 0.75, 4] { seconds.observe(value) }
    text = ""
    seconds.write(to: &text)
    #expect(
      text.split(separator: "\n").dropFirst(2).joined(separator: "|")
        == #"b_seconds_bucket{le="0.5"} 2|b_seconds_bucket{le="1"} 3|b_seconds_bucket{le="+Inf"} 4|b_seconds_sum 5.5|b_seconds_count 4"#
    )
  }

  @Test("counters are there from the start, gauges when they are known, and a cleared gauge is gone")
  func presence() {
    let text = ServeMetrics(batchBounds: [1], commitBounds: [1]).text
    #expect(text.contains("\ncordon_write_commits_total 0\n"))
    #expect(text.contains("\ncordon_leases_lost_total{role=\"dispatch\"} 0\n"))
    #expect(!text.contains("\ncordon_journal_entries "))
    let gauge = MetricFamily("c", .gauge, "Now.")
    gauge.set(1.5)
    gauge.clear()
    var cleared = ""
    gauge.write(to: &cleared)
    #expect(cleared == "# HELP c Now.\n# TYPE c gauge\n")
  }
}
