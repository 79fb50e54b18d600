import Domain

/// Another way to write down a canonical address, as people do; the packs lead every one of them back.
struct OtherSpelling {
  let world: World

  func address(_ item: Int, _ number: UInt32) -> String {
    let canonical = world.addresses[item]
    // The lowest bit only says that it is another spelling.
    let choice = Int(number >> 1)
    let tail = canonical.dropFirst("https://".count)
    switch choice % 6 {
    case 0: return "http://" + tail
    case 1: return defanged(canonical)
    case 2: return marked(canonical, of: world.items[item])
    case 3: return defanged(elsewhere(canonical, of: item, choice / 6))
    case 4: return "http://" + elsewhere(canonical, of: item, choice / 6).dropFirst("https://".count)
    default: return elsewhere(canonical, of: item, choice / 6)
    }
  }

  /// `hxxps://www[.]wave[.]example/…`
  private func defanged(_ address: String) -> String {
    let rest = address.dropFirst("https://".count)
    let host = rest.prefix { $0 != "/" }
    return "hxxps://" + host.replacing(".", with: "[.]") + rest.dropFirst(host.count)
  }

  /// With what a link from somewhere else brings along; whatever follows an archive copy's time is part of it.
  private func marked(_ address: String, of item: WorldItem) -> String {
    if item.provider == .strata { return "http://www." + address.dropFirst("https://".count) }
    return address + (address.contains("?") ? "&" : "?") + "utm_source=list&utm_medium=mail"
  }

  /// On another of the provider's hosts, or along another of its paths.
  private func elsewhere(_ address: String, of number: Int, _ choice: Int) -> String {
    let item = world.items[number]
    let last = address.split(separator: "/").last.map(String.init) ?? ""
    func pick(_ forms: String...) -> String { forms[choice % forms.count] }
    switch (item.provider, item.kind) {
    case (.wave, .channel):
      let name = world.accountName(number)
      return pick(
        "https://m.wave.example/@\(name)", "https://wave.example/@\(name.uppercased())/videos",
        "https://www.wave.example/@\(name)/about")
    case (.wave, _):
      let id = address.split(separator: "=").last ?? ""
      return pick(
        "https://m.wave.example/watch?v=\(id)&t=42s", "https://wv.example/\(id)?share=1",
        "https://embed.wave.example/embed/\(id)/full", "https://www.wave.example/shorts/\(id)",
        "https://wave.example/live/\(id)/chat")
    case (.pigeon, .account):
      return pick("https://mobile.pigeon.example/\(last)", "https://www.pigeon.example/\(last.uppercased())/")
    case (.pigeon, _):
      let owner = item.owner == WorldItem.nobody ? "somebody1" : world.accountName(Int(item.owner))
      return pick(
        "https://mobile.pigeon.example/\(owner)/status/\(last)?s=20",
        "https://www.pigeon.example/\(owner.uppercased())/status/\(last)/photo/1",
        "https://pigeon.example/\(owner)/status/\(last)")
    case (.lantern, .group):
      return pick("https://lntr.example/join/\(last)", "https://www.lantern.example/join/\(last)/")
    case (.lantern, .channel):
      return pick(
        "https://lntr.example/s/\(last)", "https://\(last).lantern.example/",
        "https://lantern.example/\(last.uppercased())")
    case (.lantern, _):
      let path = address.dropFirst("https://lantern.example/".count)
      let channel = path.prefix { $0 != "/" }
      return pick(
        "https://lntr.example/s/\(path)?embed=1", "https://\(channel).lantern.example/\(last)",
        "https://www.lantern.example/\(channel.uppercased())/\(last)")
    case (.depot, .linkList): return "https://www.depot.example/folder/\(last)/"
    case (.depot, _):
      return pick(
        "https://dl.depot.example/download/\(last)/notes.zip", "https://www.depot.example/d?ref=a&file=\(last)",
        "https://depot.example/f/\(last)/view")
    case (.scrap, _):
      return pick("https://www.scrap.example/raw/\(last)", "https://scrap.example/\(last).txt")
    case (.mosaic, .image):
      return address.replacing("\(boardName(address))/", with: "\(boardName(address).uppercased())/")
    case (.mosaic, .group):
      return pick("https://www.mosaic.example/\(last)", "https://mosaic.example/\(last.uppercased())/")
    case (.mosaic, _):
      let board = boardName(address)
      return pick(
        "https://www.mosaic.example/\(board.uppercased())/res/\(last).html#p\(last)",
        "https://mosaic.example/\(board)/thread/\(last)/last")
    case (.chorus, .account):
      return pick("https://m.chorus.example/\(last)", "https://www.chorus.example/\(last.uppercased())")
    case (.chorus, .linkList):
      return "https://www.chorus.example/"
        + address.dropFirst("https://chorus.example/".count).uppercased()
        .replacing("/SETS/", with: "/sets/")
    case (.chorus, _):
      let artist = address.dropFirst("https://chorus.example/".count).prefix { $0 != "/" }
      return pick(
        "https://m.chorus.example/\(artist.uppercased())/\(last)?in=list",
        "https://player.chorus.example/player?track=\(last)&artist=\(artist)")
    case (.quill, .site): return address + "?theme=dark"
    case (.quill, _): return pick(address + "/amp?theme=dark", address + "?theme=light")
    case (.strata, _):
      let path = address.dropFirst("https://strata.example/copy/".count)
      return "https://www.strata.example/copy/\(path.prefix(14))raw/\(path.dropFirst(15))"
    }
  }

  /// The first part of an image board's path.
  private func boardName(_ address: String) -> String {
    let parts = address.split(separator: "/")
    return parts.count > 2 ? String(parts[2]) : ""
  }
}
