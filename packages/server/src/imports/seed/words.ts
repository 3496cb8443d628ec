/** Common words by language, most frequent first: posts draw from them by Zipf's law. */
export interface Vocabulary {
  readonly language: string;
  readonly words: readonly string[];
  /** Between words: nothing where the script writes none. */
  readonly separator: string;
}

const vocabulary = (language: string, words: string, separator = ' '): Vocabulary => ({
  language,
  words: words.split(' '),
  separator,
});

export const VOCABULARIES: readonly Vocabulary[] = [
  vocabulary(
    'en',
    'the to and today we it with our this new for morning coffee music city walk friends garden light book evening rain train market bread river photo window bicycle recipe concert weekend mountain library puppy sunset market neighbours kitchen holiday painting',
  ),
  vocabulary(
    'es',
    'de la que el en hoy con una muy por nuevo ciudad amigos música tarde mercado libro lluvia café playa camino fiesta ventana montaña cocina jardín tren domingo noche fotografía panadería verano bicicleta vecinos',
  ),
  vocabulary(
    'de',
    'die und der heute mit wir ist ein neu für Stadt Freunde Musik Abend Markt Buch Regen Kaffee Garten Weg Fenster Berge Küche Zug Sonntag Nacht Fotografie Bäckerei Sommer Fahrrad Nachbarn Größe Straße',
  ),
  vocabulary(
    'pt',
    'de que a o hoje com uma para novo cidade amigos música tarde mercado livro chuva café praia caminho festa janela montanha cozinha jardim trem domingo noite fotografia padaria verão coração',
  ),
  vocabulary(
    'fr',
    'de la le et nous avec une pour nouveau ville amis musique soir marché livre pluie café plage chemin fête fenêtre montagne cuisine jardin train dimanche nuit été boulangerie vélo voisins forêt',
  ),
  vocabulary(
    'ja',
    'の は を 今日 新しい 街 友達 音楽 夕方 市場 本 雨 珈琲 海 道 祭り 窓 山 台所 庭 電車 日曜日 夜 写真 夏 自転車 隣人',
    '',
  ),
  vocabulary(
    'zh',
    '的 我们 今天 新 城市 朋友 音乐 傍晚 市场 书 雨 咖啡 海边 路 节日 窗户 山 厨房 花园 火车 星期天 夜晚 照片 夏天 自行车 邻居',
    '',
  ),
  vocabulary(
    'ar',
    'في من على اليوم مع جديد مدينة أصدقاء موسيقى مساء سوق كتاب مطر قهوة بحر طريق عيد نافذة جبل مطبخ حديقة قطار ليل صورة صيف',
  ),
  vocabulary(
    'hi',
    'है में की आज नया शहर दोस्त संगीत शाम बाज़ार किताब बारिश चाय समुद्र रास्ता त्योहार खिड़की पहाड़ रसोई बगीचा रेल रात तस्वीर गर्मी',
  ),
];

export const HASHTAGS: readonly string[] =
  'photography music travel food books nature cycling coffee art football gardening movies running history science cooking design architecture 写真 音楽 旅行 viajes musica lecture wandern سفر यात्रा astronomy chess poetry'.split(
    ' ',
  );

export const GIVEN_NAMES: readonly string[] =
  'Ada Amir Ana Anouk Ben Chidi Chloe Daniel Elena Emre Fatima Felix Grace Hana Ines Ivan Jin Jonas Kaya Lena Leo Lin Luca Maya Mei Mina Nadia Noah Nora Omar Oskar Paula Priya Rafael Ravi Rosa Sara Sofia Tariq Tomas Uma Vera Wei Yara Yuki Zoe'.split(
    ' ',
  );

export const FAMILY_NAMES: readonly string[] =
  'Abadi Alvarez Bauer Bianchi Chen Costa Diallo Dubois Eriksen Fischer Garcia Haddad Horvat Ito Ivanova Jansen Kaur Kim Kowalski Larsen Lopez Mansour Martin Moreau Nakamura Novak Okafor Olsen Park Patel Pereira Rossi Sato Schmidt Silva Singh Suzuki Tanaka Vargas Wagner Wang Weber Yilmaz Zhang'.split(
    ' ',
  );
