using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace MlComponents.Tests;

/// <summary>Creates, changes and compares definitions of any type.</summary>
internal static class Definitions
{
    /// <summary>Every built-in type, by looking for records rather than into the registry, so that one that isn't registered is noticed.</summary>
    public static IEnumerable<Type> Registered => typeof(ComponentDefinition).Assembly.GetTypes()
        .Where(type => type.IsPublic && !type.IsAbstract && type.IsAssignableTo(typeof(ComponentDefinition)))
        .Where(type => type != typeof(LambdaCallback));   // functions are not data

    public static ComponentDefinition Create(Type type)
    {
        var constructor = type.GetConstructors().MinBy(constructor => constructor.GetParameters().Length)!;
        return (ComponentDefinition)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    /// <summary>A value that differs from a property's and that its component is likely to allow.</summary>
    public static object? Other(PropertyInfo property, object? value) => property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed
        ? allowed.Values.First(other => !Equals(other, value))
        : Other(property.PropertyType, value);

    /// <summary>A value that differs from a given one and that a component is likely to allow.</summary>
    public static object? Other(Type type, object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int))
            return value is > 0 and int size && size % 32 == 0 ? 2 * size : (int)(value ?? 1) + 2;   // odd stays odd, a multiple of 32 one
        if (type == typeof(long))
            return (long)(value ?? 1L) + 2;
        if (type == typeof(double))
            return value is 0.5 ? 0.25 : 0.5;
        if (type == typeof(bool))
            return !(bool)(value ?? false);
        if (type == typeof(string))
            return value + " ";   // which a text with a grammar of its own allows too
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().First(other => !other.Equals(value));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var element = type.GetGenericArguments()[0];
            var list = Array.CreateInstance(element, 3);
            for (var i = 0; i < 3; i++)
                list.SetValue(Other(element, element.IsValueType ? Activator.CreateInstance(element) : null), i);
            return list;
        }
        if (type.IsAssignableTo(typeof(ComponentDefinition)))
            return Create(Registered.First(other => other.IsAssignableTo(type) && other != value?.GetType()));

        var options = Activator.CreateInstance(type)!;
        foreach (var property in Properties(type))
            property.SetValue(options, Other(property, property.GetValue(options)));
        return options;
    }

    /// <summary>Asserts that two values have the same type and, property by property and element by element, the same content.</summary>
    public static void AreSame(object? expected, object? actual, string path)
    {
        if (expected is string or null || actual is null || expected.GetType().IsValueType)
            Assert.AreEqual(expected, actual, path);
        else if (expected is IEnumerable list)
        {
            var (a, b) = (list.Cast<object>().ToList(), ((IEnumerable)actual).Cast<object>().ToList());
            Assert.HasCount(a.Count, b, path);
            for (var i = 0; i < a.Count; i++)
                AreSame(a[i], b[i], $"{path}[{i}]");
        }
        else
        {
            Assert.AreEqual(expected.GetType(), actual.GetType(), path);
            foreach (var property in Properties(expected.GetType()))
                AreSame(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}");
        }
    }
}
