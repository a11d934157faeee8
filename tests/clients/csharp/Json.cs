// Stands in for the part of .NET's System.Text.Json that our programs use. Mono, which compiles and runs them in tests, has
// System.Json in its place. Each method does what .NET documents of it.
using System.IO;
using System.Json;
using System.Threading.Tasks;

namespace System.Text.Json
{
    public sealed class JsonDocument
    {
        public JsonElement RootElement { get; private set; }

        public static JsonDocument Parse(string text)
        {
            return new JsonDocument { RootElement = new JsonElement(JsonValue.Parse(text)) };
        }
    }

    public struct JsonElement
    {
        readonly JsonValue value;

        public JsonElement(JsonValue value)
        {
            this.value = value;
        }

        public JsonElement this[int index]
        {
            get { return new JsonElement(value[index]); }
        }

        public int GetArrayLength()
        {
            return ((JsonArray)value).Count;
        }

        public JsonElement GetProperty(string name)
        {
            return new JsonElement(((JsonObject)value)[name]);
        }

        public bool TryGetProperty(string name, out JsonElement found)
        {
            var has = ((JsonObject)value).ContainsKey(name);
            found = has ? GetProperty(name) : default(JsonElement);
            return has;
        }

        public string GetString()
        {
            return value == null ? null : (string)value;
        }

        public override string ToString()
        {
            return value == null || value.JsonType == JsonType.String ? GetString() ?? "" : value.ToString();
        }
    }

    public static class JsonSerializer
    {
        public static Elements<T> DeserializeAsyncEnumerable<T>(Stream stream)
        {
            return new Elements<T>(new StreamReader(stream));
        }
    }

    /// The elements of an array, of which the server ends each with its line.
    public sealed class Elements<T>
    {
        readonly StreamReader reader;

        public Elements(StreamReader reader)
        {
            this.reader = reader;
        }

        public T Current { get; private set; }

        public Elements<T> GetAsyncEnumerator()
        {
            return this;
        }

        public async Task<bool> MoveNextAsync()
        {
            var line = await reader.ReadLineAsync();
            if (line == null || line.Trim() == "]") return false;
            Current = (T)(object)new JsonElement(JsonValue.Parse(line.Trim().TrimStart('[', ',')));
            return true;
        }
    }
}
