extension ColumnMap {
  /// Finds out which column means what from the heading row, if there is one, and some rows after it.
  ///
  /// The address is the column whose heading says so and whose cells bear it out, else the one with most
  /// cells that look like addresses. Other columns go by their headings alone. `spec`, as ``init(spec:)``
  /// reads it, comes before any guess. Throws ``IntakeRefusal/noAddressColumn(_:)`` with the columns' names.
  public static func detect(
    header: [String]?, sampleRows: [[String]], delimiter: UInt8 = 0x2C, spec: String? = nil
  ) throws(IntakeRefusal) -> ColumnMap {
    let sample = sampleRows.prefix(TableSample.rowLimit)
    let count = header?.count ?? commonWidth(of: sample)
    var roles: [Int: ColumnRole] = [:]
    if let spec { roles = try ColumnSpec(spec).roles(header: header, columnCount: count) }
    if !roles.values.contains(.address) {
      guard let number = addressColumn(header: header, sample: sample, count: count, taken: roles) else {
        let names = header ?? sample.first { $0.count == count } ?? []
        throw .noAddressColumn(names)
      }
      roles[number] = .address
    }
    for (index, name) in (header ?? []).enumerated() where roles[index + 1] == nil {
      if let role = ColumnRole(heading: name), !roles.values.contains(role) { roles[index + 1] = role }
    }
    return ColumnMap(
      delimiter: delimiter, hasHeader: header != nil, columnCount: count,
      columns: (1...max(count, 1)).map { number in
        let name = header.flatMap { number <= $0.count ? $0[number - 1] : nil }
        return Column(number: number, name: name, role: roles[number])
      })
  }

  /// The address column among those not yet given a role, from 1.
  private static func addressColumn(
    header: [String]?, sample: ArraySlice<[String]>, count: Int, taken: [Int: ColumnRole]
  ) -> Int? {
    var best: (number: Int, score: Int)?
    for number in 1...max(count, 1) where taken[number] == nil {
      let cells = sample.compactMap { number <= $0.count && !$0[number - 1].isEmpty ? $0[number - 1] : nil }
      let hits = cells.count { AddressLook.matches($0) }
      let isNamed =
        header.map { number <= $0.count && ColumnRole(heading: $0[number - 1]) == .address } ?? false
      // A heading outweighs any number of cells, unless every cell of the column speaks against it:
      // "address" may head a postal address beside a column of links.
      let score = hits + (isNamed ? (hits > 0 || cells.isEmpty ? TableSample.rowLimit + 1 : 0) : 0)
      if score > best?.score ?? 0 { best = (number, score) }
    }
    if let best { return best.number }
    return header?.indices.first {
      taken[$0 + 1] == nil && ColumnRole(heading: (header ?? [])[$0]) == .address
    }
    .map { $0 + 1 }
  }

  private static func commonWidth(of rows: ArraySlice<[String]>) -> Int {
    var counts: [Int: Int] = [:]
    for row in rows { counts[row.count, default: 0] += 1 }
    return max(counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 1, 1)
  }
}
