/// What a column of a table, or a key of a JSON line, says about the reported content.
public enum ColumnRole: String, CaseIterable, Sendable {
  case address
  case note
  case kind
  case reportedAt = "reported_at"
  case source

  /// The keys of a JSON line that carry this, the one that counts first named first.
  public var jsonKeys: [String] {
    switch self {
    case .address: ["url", "uri", "address", "link", "locator", "href"]
    case .note: ["note", "comment", "description", "title"]
    case .kind: ["kind", "type"]
    case .reportedAt: ["reported_at", "reportedat", "date"]
    case .source: ["source", "origin"]
    }
  }

  /// The role that a column heading names in English, French, Dutch, German or Spanish.
  init?(heading: String) {
    guard heading.utf8.count <= 64 else { return nil }
    let word = heading.lowercased().filter { $0.isLetter || $0.isNumber }
    guard let role = Self.byHeading[word] else { return nil }
    self = role
  }

  private static let byHeading: [String: ColumnRole] = {
    var roles: [String: ColumnRole] = [:]
    for role in allCases {
      for heading in role.headings { roles[heading] = role }
    }
    return roles
  }()

  /// Headings in lower case, letters and digits only.
  private var headings: [String] {
    switch self {
    case .address:
      [
        "url", "urls", "uri", "link", "links", "address", "addresses", "webaddress", "webpage", "website",
        "pageurl", "contenturl", "itemurl", "locator", "href", "adresse", "adresseurl", "adresseweb", "lien",
        "liens", "siteweb", "adres", "webadres", "koppeling", "webadresse", "internetadresse", "webseite",
        "enlace", "enlaces", "dirección", "direccion", "direcciónurl", "direccionurl", "direcciónweb",
        "direccionweb", "sitioweb",
      ]
    case .note:
      [
        "note", "notes", "comment", "comments", "remark", "remarks", "description", "title", "commentaire",
        "commentaires", "remarque", "titre", "opmerking", "opmerkingen", "notitie", "beschrijving", "titel",
        "bemerkung", "bemerkungen", "kommentar", "anmerkung", "notiz", "beschreibung", "nota", "notas",
        "comentario", "comentarios", "observación", "observacion", "observaciones", "descripción",
        "descripcion", "título", "titulo",
      ]
    case .kind:
      [
        "kind", "type", "contenttype", "contentkind", "category", "genre", "catégorie", "categorie", "soort",
        "typ", "art", "kategorie", "tipo", "categoría", "categoria",
      ]
    case .reportedAt:
      [
        "reportedat", "reported", "reportedon", "date", "datetime", "timestamp", "seenat", "foundat",
        "datereported", "signaléle", "signalele", "datedesignalement", "gemeldop", "datum", "gemeldetam",
        "gemeldetan", "fecha", "fechadereporte",
      ]
    case .source:
      [
        "source", "origin", "reporter", "reportedby", "origine", "bron", "herkomst", "melder", "quelle",
        "herkunft", "fuente", "origen",
      ]
    }
  }
}

extension IntakeRecord {
  mutating func set(_ role: ColumnRole, _ value: [UInt8]) {
    switch role {
    case .address: address = value
    case .note: note = value
    case .kind: kind = value
    case .reportedAt: reportedAt = value
    case .source: source = value
    }
  }
}
