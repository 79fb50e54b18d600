import Domain

extension World {
  /// The reports with `from` <= at < `to`, one JSON object a line.
  package func reportLines(from: Int32, to: Int32) -> [UInt8] {
    var json = JSONWriter(reserving: 4_096)
    let spellings = OtherSpelling(world: self)
    var number = firstReport(notBefore: from)
    while number < reports.count, reports[number].at < to {
      let report = reports[number]
      let item = items[Int(report.item)]
      let outlet = InventedOutlet.all[Int(item.outlet)]
      json.object { json in
        json.key("address")
        json.string(
          report.spelling == 0
            ? addresses[Int(report.item)] : spellings.address(Int(report.item), report.spelling))
        json.key("at")
        json.instant(RangeCalendar.instant(report.at))
        json.key("kind")
        json.string(item.kind.rawValue)
        json.key("language")
        json.string(outlet.language)
        json.key("n")
        json.integer(Int64(number))
        json.key("outlet")
        json.string(outlet.name)
        json.key("title")
        json.string(Wording.title(item.title))
        json.key("unit")
        json.string(ReportingUnit.names[Int(report.unit)])
      }
      json.endLine()
      number += 1
    }
    return json.finish()
  }

  /// When the next report after this second is made.
  func nextReport(after second: Int32) -> Int32? {
    guard second < Int32.max else { return nil }
    let number = firstReport(notBefore: second + 1)
    return number < reports.count ? reports[number].at : nil
  }

  private func firstReport(notBefore second: Int32) -> Int {
    var (low, high) = (0, reports.count)
    while low < high {
      let middle = (low + high) / 2
      if reports[middle].at < second { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
