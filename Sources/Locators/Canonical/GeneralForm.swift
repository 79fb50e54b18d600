/// The canonical form of an address that no locator rule knows.
struct GeneralForm {
  let url: WebURL
  let address: AddressView
  let entry: HostTable.Entry?
  let pack: CompiledPack?
  let packs: ProviderPacks

  /// The address in its general form; the one given, unbuilt, when it has that form.
  func write() -> [UInt8] {
    let offsets = url.offsets
    let keepsQuery = queryIsAsItShouldBe
    let fragment = keptFragment
    let isHTTP = offsets.schemeEnd == 4 && offsets.isSpecial && url.href[0] == UInt8(ascii: "h")
    let becomesHTTPS = isHTTP && pack?.isAlwaysHTTPS == true && !offsets.hasPort
    if keepsQuery && fragment == address.fragment && entry?.target == nil && !becomesHTTPS
      && offsets.passwordEnd == offsets.schemeEnd + 3 && Int(offsets.hostEnd) == address.host.upperBound
    {
      return url.href
    }
    var output: [UInt8] = []
    output.reserveCapacity(url.href.count + 16)
    append(0..<Int(offsets.schemeEnd), to: &output)
    if becomesHTTPS { output.append(UInt8(ascii: "s")) }
    output.append(contentsOf: [0x3A, 0x2F, 0x2F])
    if let target = entry?.target {
      output.append(contentsOf: target)
    } else {
      append(address.host, to: &output)
    }
    append(Int(offsets.hostEnd)..<address.path.upperBound, to: &output)
    if let query = address.query {
      if keepsQuery {
        append((query.lowerBound - 1)..<query.upperBound, to: &output)
      } else {
        appendQuery(query, to: &output)
      }
    }
    if let fragment {
      append((fragment.lowerBound - 1)..<fragment.upperBound, to: &output)
    }
    return output
  }

  private func append(_ range: Range<Int>, to output: inout [UInt8]) {
    output.append(contentsOf: UnsafeBufferPointer(rebasing: address.bytes[range]))
  }

  /// `#!…` names another page of a site that is one script; a pack may say that any fragment does.
  private var keptFragment: Range<Int>? {
    guard let fragment = address.fragment, !fragment.isEmpty else { return nil }
    let isIdentity = pack?.keepsFragment == true || address.bytes[fragment.lowerBound] == UInt8(ascii: "!")
    return isIdentity ? fragment : nil
  }

  private func isKept(_ name: Range<Int>) -> Bool {
    if let kept = pack?.keptQuery { return kept.contains(address.bytes, name) }
    if let pack, pack.droppedQuery.contains(address.bytes, name) { return false }
    return !packs.trackingParameters.contains(address.bytes, name)
  }

  private var queryIsAsItShouldBe: Bool {
    guard let query = address.query else { return true }
    var holdsSomething = false
    var areAllKept = true
    forEachParameter(query) { name, whole in
      if !whole.isEmpty { holdsSomething = true }
      if !isKept(name) { areAllKept = false }
    }
    return holdsSomething && areAllKept
  }

  private func appendQuery(_ query: Range<Int>, to output: inout [UInt8]) {
    let start = output.count
    var holdsSomething = false
    forEachParameter(query) { name, whole in
      guard isKept(name) else { return }
      if !whole.isEmpty { holdsSomething = true }
      output.append(output.count == start ? UInt8(ascii: "?") : UInt8(ascii: "&"))
      append(whole, to: &output)
    }
    if !holdsSomething { output.removeSubrange(start...) }
  }

  @inline(__always)
  private func forEachParameter(
    _ query: Range<Int>, _ body: (_ name: Range<Int>, _ whole: Range<Int>) -> Void
  ) {
    var start = query.lowerBound
    while true {
      var end = start
      var equals: Int?
      while end < query.upperBound && address.bytes[end] != UInt8(ascii: "&") {
        if equals == nil && address.bytes[end] == UInt8(ascii: "=") { equals = end }
        end += 1
      }
      body(start..<(equals ?? end), start..<end)
      guard end < query.upperBound else { return }
      start = end + 1
    }
  }
}
